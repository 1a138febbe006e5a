import { cpus, totalmem } from 'node:os'
import type { Block, Control, Used } from './block.ts'
import { median, quantile, table } from './numbers.ts'

export type Circumstances = { asterisk: string; seconds: number; troublesInLog: string[] }

const NAMES: Record<Control, string> = { dialplan: 'dialplan', callwright: 'Callwright', plain: 'without journal' }
const ms = (value: number): string => value.toFixed(1)
const sum = (values: number[]): number => values.reduce((all, one) => all + one, 0)

/** What was measured, as a page of Markdown. */
export function report(blocks: Block[], { asterisk, seconds, troublesInLog }: Circumstances): string {
  const sizes = [...new Set(blocks.map(({ calls }) => calls))]
  const of = (calls: number, control: Control): Block[] =>
    blocks.filter((block) => block.calls === calls && block.control === control)
  const rows = sizes.flatMap((calls) => (Object.keys(NAMES) as Control[]).map((control) => row(of(calls, control))))
  const ratios = (other: Control): string[][] => sizes.map((calls) => ratio(calls, of(calls, other), of(calls, 'callwright')))
  return `# From a key to the next prompt

Milliseconds from the last packet of a key (the last of its three RFC 4733 end packets, which leave together) to the
first packet of the next prompt, in the phone. Dialplan: \`Read()\` and \`GotoIf()\`, written by hand; the engine is not
connected then. Callwright: the same menus in YAML, the engine in a process of its own, with its journal and without it.
Same Asterisk, same WAV files, real SIP and RTP; keys of 100 ms, pressed during the prompt, 0.6 to 1.6 s apart in each call.

${table(HEAD, rows)}

Asterisk, engine, phones, others: processor cores used; others is whatever else the machine did.
Lost: no next prompt within 2 s. Clipped: not heard from its start.

${table(['calls', 'p50 Callwright / dialplan', 'rounds from - to', 'difference of p50 (ms)'], ratios('dialplan'))}

${table(['calls', 'p50 with / without journal', 'rounds from - to', 'difference of p50 (ms)'], ratios('plain'))}

${troubles(blocks, troublesInLog)}

${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Linux;
Node ${process.versions.node}, ${asterisk}.
Rounds: ${of(sizes[0]!, 'dialplan').length}, each of ${seconds} s for each line of the table, in turn, the other control first in every second round.
Before: 10 s of 100 calls for each control, not counted, since an engine in service is warm.

Not tried: a network between phone, Asterisk and engine; packet loss and jitter; other codecs than G.711 µ-law; trunks;
prompts with values that must be spoken first; more than one engine; an Asterisk that also records or bridges.
`
}

const HEAD = ['calls', 'p50', 'p90', 'p99', 'max', 'keys', 'lost', 'clipped', 'Asterisk', 'engine', 'phones', 'others']

function row(blocks: Block[]): string[] {
  const waits = blocks.flatMap((block) => block.waits)
  const { calls, control } = blocks[0]!
  const all = (part: 'keys' | 'lost' | 'clipped'): string => String(sum(blocks.map((block) => block[part])))
  const cores = (part: keyof Used): string => median(blocks.map((block) => block.cores[part])).toFixed(2)
  return [
    `${calls} ${NAMES[control]}`, ...[0.5, 0.9, 0.99, 1].map((part) => ms(quantile(waits, part))),
    all('keys'), all('lost'), all('clipped'),
    cores('asterisk'), control === 'dialplan' ? '-' : cores('engine'), cores('phones'), cores('others'),
  ]
}

function ratio(calls: number, alone: Block[], ours: Block[]): string[] {
  const halves = alone.map((block, i) => [quantile(block.waits, 0.5), quantile(ours[i]!.waits, 0.5)] as const)
  const ratios = halves.map(([a, b]) => b / a)
  return [
    String(calls), median(ratios).toFixed(2), `${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}`,
    median(halves.map(([a, b]) => b - a)).toFixed(2),
  ]
}

function troubles(blocks: Block[], inLog: string[]): string {
  const loads = blocks.map(({ load }) => load)
  const percent = (parts: number[]): string => `${Math.round(100 * Math.max(...parts))} %`
  return `Calls refused: ${told(blocks.flatMap(({ refused }) => refused))}.
Calls without a prompt: ${sum(blocks.map(({ mute }) => mute))}.
Troubles told by the engine: ${told(blocks.flatMap(({ engine }) => engine?.troubles ?? []))}.
Warnings and errors of Asterisk about calls: ${told(inLog)}.
Most that the phones were busy: ${percent(blocks.map(({ phonesBusy }) => phonesBusy))} of the time; most that the engine was: ${percent(blocks.map(({ engine }) => engine?.busy ?? 0))}.
Load of the machine: ${ms(Math.min(...loads))} to ${ms(Math.max(...loads))}.`
}

function told(words: string[]): string {
  if (words.length === 0) return 'none'
  const times = new Map<string, number>()
  for (const one of words) times.set(one, (times.get(one) ?? 0) + 1)
  return `${words.length} (${[...times].slice(0, 5).map(([one, count]) => `${count} x ${one}`).join('; ')})`
}
