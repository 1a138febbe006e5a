import type { Way } from '../steps/step.ts'
import { actionOf, guardOf, textIn, type Turn } from './turn.ts'

/** One way on from a step, in the words of the telephone. */
export type Happened = {
  /** As the flow has it: `key 1`, `next`, `timed-out`. */
  what: string
  /** What the caller did or what happened: `presses 1`, `closed`. Empty when the call just goes on. */
  words: string
  key?: string
  /** What a key is for, in the given language. */
  matter?: string
  /** Something went wrong: a way that `defaults` give when the author gives none. */
  trouble: boolean
  to: string
}

/** The ways on from a step, in the order of the file. */
export function happenings(turn: Turn, language: string): Happened[] {
  const { step } = turn
  const ways = step.kind.ways(step.fields as never)
  return [...step.ways].map(([what, to]) => {
    const way = ways.find((one) => one.what === what)
    const key = /^key (.)$/.exec(what)?.[1]
    const matter = key === undefined ? undefined : matterOf(turn, key, language)
    return {
      what,
      to,
      words: wordsFor(turn, what, ways),
      trouble: way?.orElse === 'otherwise' || way?.orElse === 'failed',
      ...(key === undefined ? {} : { key }),
      ...(matter === undefined ? {} : { matter }),
    }
  })
}

function matterOf({ step }: Turn, key: string, language: string): string | undefined {
  const label = step.parts.texts?.find(({ path }) => path[0] === 'keys' && path[1] === key && path[2] === 'for')
  return label && textIn(label.text, label.in ?? language)
}

function wordsFor(turn: Turn, what: string, ways: Way[]): string {
  const key = /^key (.)$/.exec(what)?.[1]
  if (key !== undefined) return `presses ${key}`
  const share = /^share (\S+)/.exec(what)?.[1]
  if (share !== undefined) return `${share} of the callers`
  const condition = conditionOf(
    turn,
    ways.find((way) => way.what === what),
  )
  if (condition !== undefined) return `if ${conditionInWords(condition, turn.switches)}`
  const asks = turn.step.kind.role === 'asks'
  if (asks && what === 'otherwise') return trying(turn, ways)
  const beside = ways.filter((way) => way.what !== what)
  if (beside.some((way) => conditionOf(turn, way) !== undefined)) return 'else'
  if (what === 'next') return asks ? entered(turn) : beside.length === 0 ? '' : 'then'
  const wait = actionOf(turn, 'queue')?.params.maxWait
  if (what === 'timed-out' && wait !== undefined) return `waited ${time(wait)}`
  return plain[what] ?? what.replaceAll('-', ' ')
}

const plain: Record<string, string> = {
  answered: 'after the talk',
  'timed-out': 'waited too long',
  'nobody-there': 'nobody there',
  'no-answer': 'no answer',
  failed: 'it fails',
}

/** What stands under `if` beside the `go` of a way. */
function conditionOf({ step }: Turn, way: Way | undefined): string | undefined {
  if (way?.path.at(-1) !== 'go') return undefined
  const path = [...way.path.slice(0, -1), 'if'].join('/')
  return step.parts.expressions?.find((one) => one.path.join('/') === path)?.cel
}

/** A condition on one switch by what that is for, `the switch "Large outage announcement" is on`; others as written. */
function conditionInWords(cel: string, switches: Turn['switches']): string {
  const [, not, name = ''] = /^\s*(!?)\s*switches\.(\w+)\s*$/.exec(cel) ?? []
  const one = switches[name]
  return one ? `the switch "${one.for}" is ${not ? 'off' : 'on'}` : cel
}

function trying(turn: Turn, ways: Way[]): string {
  const tries = turn.tries ?? 1
  const wrong = ways.some(({ what }) => what.startsWith('key '))
    ? ['a wrong key', 'wrong keys']
    : guardOf(turn, 'entry-fits')
      ? ['wrong digits', 'wrong digits']
      : ['no answer', 'no answer']
  return tries === 1 ? `silence or ${wrong[0]}` : `silence or ${wrong[1]}, ${tries} times`
}

function entered(turn: Turn): string {
  const fits = guardOf(turn, 'entry-fits')?.params
  return fits === undefined ? 'answers' : `keys in ${digits(fits)}`
}

/** `4 digits`, `4 to 10 digits`. */
export const digits = ({ least, most }: { least: number; most: number }): string =>
  `${least === most ? '' : `${least} to `}${most} digit${most === 1 ? '' : 's'}`

/** Milliseconds as people say them: `5 s`, `20 min`, `1 h 30 min`, `800 ms`. */
export function time(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  const seconds = (ms % 60_000) / 1000
  const minutes = Math.floor(ms / 60_000) % 60
  const hours = Math.floor(ms / 3_600_000)
  return [hours && `${hours} h`, minutes && `${minutes} min`, seconds && `${seconds} s`].filter(Boolean).join(' ')
}
