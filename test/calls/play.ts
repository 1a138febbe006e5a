import { advance, begin, type Advanced } from '../../engine/call/advance.ts'
import type { CallContext } from '../../engine/call/context.ts'
import type { Effect, Left, PromptPart } from '../../engine/call/effects.ts'
import type { CallEvent, CallFacts, QueueEnd, RecordEnd, TransferEnd } from '../../engine/call/events.ts'
import { milliseconds } from '../../engine/duration.ts'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'
import type { CallRecord } from '../../engine/ports.ts'

/** What happened, in words, and what the engine asked for then. */
export type Heard = { event: string; effects: string[] }

/** Every call of the tests comes in on a Monday at ten, in Canberra. */
export const monday = Date.UTC(2026, 10, 22, 23)

const facts: CallFacts = { id: 'call-1', line: 'test', called: '100', caller: '+61255501234' }

/** Compiles a flow that must be free of mistakes; warnings do not matter. */
export function compiled(text: string, file: string): Compiled {
  const { flow, mistakes } = checkFlow(text, { name: 'test', file })
  if (!flow) throw new Error(mistakes.map((mistake) => mistake.pretty()).join('\n'))
  return compileFlow(flow)
}

/**
 * A call in words, without line, session or clock: timers fire when the time that passes reaches them. What happens is
 * one of: `key 1`, `prompt finished`, `prompt failed`, `5s passes`, `agent Mia answers`, `queue: timed-out`,
 * `transfer: busy`, `speaks: 5s`, `recording: nothing-said`, `kept`, `caller hangs up`, `caller hangs up after 5s` of speaking.
 */
export class Played {
  readonly heard: Heard[] = []
  private readonly machine: Compiled['machine']
  private readonly timers = new Map<string, number>()
  private now: number
  private at: Advanced
  private playing = 0
  private asked = 0

  constructor({ machine }: Compiled, { earlier = [], now = monday, caller = facts.caller }: { earlier?: CallRecord[]; now?: number; caller?: string } = {}) {
    this.machine = machine
    this.now = now
    this.at = begin(machine, { ...facts, caller }, earlier, now)
    this.heard.push({ event: 'call starts', effects: this.performed() })
  }

  get context(): CallContext {
    return this.at.snapshot.context as CallContext
  }

  happens(event: string): void {
    const passes = /^(\S+) passes$/.exec(event)?.[1]
    const effects = passes === undefined ? this.take(this.eventOf(event)) : this.pass(milliseconds(passes)!)
    this.heard.push({ event, effects })
  }

  private take(event: CallEvent): string[] {
    this.at = advance(this.machine, this.at.snapshot, event, this.now)
    return this.performed()
  }

  private pass(ms: number): string[] {
    const until = this.now + ms
    const effects: string[] = []
    for (;;) {
      const [timer, due] = [...this.timers].sort((a, b) => a[1] - b[1])[0] ?? ['', Infinity]
      if (due > until) break
      this.timers.delete(timer)
      this.now = due
      effects.push(...this.take({ type: 'timer-fired', timer }))
    }
    this.now = until
    return effects
  }

  private performed(): string[] {
    return this.at.effects.flatMap((effect) => {
      // Where the call comes to says by which way it left.
      if (effect.type === 'leave') return []
      if (effect.type === 'start-timer') this.timers.set(effect.timer, this.now + effect.ms)
      // A timer that is not running is cancelled to no effect.
      if (effect.type === 'cancel-timer' && !this.timers.delete(effect.timer)) return []
      if (effect.type === 'request') this.asked = effect.id
      else if ('id' in effect) this.playing = effect.id
      return [inWords(effect)]
    })
  }

  private eventOf(words: string): CallEvent {
    const id = this.playing
    const [, what = '', rest = ''] = /^(\w+):? ?(.*)$/.exec(words) ?? []
    switch (what) {
      case 'key':
        return { type: 'key-pressed', key: rest }
      case 'prompt':
        return { type: 'prompt-finished', id, ...(rest === 'failed' ? { failed: true } : {}) }
      case 'agent':
        return { type: 'agent-answered', id, agent: rest.replace(/ answers$/, '') }
      case 'queue':
        return { type: 'queue-left', id, how: rest as QueueEnd }
      case 'transfer':
        return { type: 'transfer-ended', id, how: rest as TransferEnd }
      case 'answer':
        return { type: 'request-answered', id: this.asked, ...(rest === 'failed' ? { how: 'failed' } : { how: 'ok', data: JSON.parse(rest) as unknown }) }
      case 'speaks':
        return { type: 'recorded', id, how: 'recorded', ms: milliseconds(rest)! }
      case 'recording':
        return { type: 'recorded', id, how: rest as RecordEnd, ms: 0 }
      case 'kept':
        return { type: 'delivered', id, how: rest === 'failed' ? 'failed' : 'ok' }
      case 'caller': {
        const spoken = /after (\S+)/.exec(rest)?.[1]
        return { type: 'caller-hung-up', ...(spoken ? { recorded: milliseconds(spoken)! } : {}) }
      }
      default:
        throw new Error(`nothing that can happen to a call: ${words}`)
    }
  }
}

/** An effect as it stands in a transcript. */
function inWords(effect: Exclude<Effect, { type: 'leave' }>): string {
  switch (effect.type) {
    case 'play':
      return `play${effect.bargeIn ? '' : ' to the end'}: ${effect.prompt.map(part).join(' ')}`
    case 'start-timer':
      return `start-timer ${effect.ms / 1000}s`
    case 'queue':
      return [`queue ${effect.queue}, at most ${effect.maxWait / 60_000}m`, ...told(effect.tell)].join(', ')
    case 'transfer':
      return `transfer to ${effect.to}, ringing ${effect.ring / 1000}s`
    case 'outcome':
      return `outcome ${effect.name}`
    case 'request':
      return 'refused' in effect.asked ? `request refused: ${effect.asked.refused}` : `request ${effect.asked.method} ${effect.asked.url}${effect.asked.json === undefined ? '' : ` ${JSON.stringify(effect.asked.json)}`}`
    case 'record':
      return `record ${named(effect.recording)}, at most ${effect.longest / 1000}s, until ${effect.silence / 1000}s of silence or ${effect.end}`
    case 'replay':
      return `replay ${named(effect.recording)}`
    case 'deliver':
      return 'refused' in effect.left ? `nothing left: ${effect.left.refused}` : leftInWords(effect.left)
    case 'note':
      return `note: ${effect.text}`
    case 'enter':
      return `enter ${effect.step}`
    case 'trouble':
      return `trouble: ${effect.words}`
    case 'stop-playback':
    case 'cancel-timer':
    case 'hang-up':
      return effect.type
  }
}

function leftInWords(left: Left): string {
  switch (left.kind) {
    case 'voicemail':
      return [`leave voicemail ${named(left.recording)} of ${left.ms / 1000}s in ${left.box}`, ...told(left.tell)].join(', ')
    case 'callback':
      return [`leave callback to ${left.number} by ${left.queue}`, ...told(left.tell)].join(', ')
    case 'survey':
      return `leave survey ${left.score} of ${left.least}-${left.most}`
    case 'message':
      return `send to ${left.to}: ${left.text}`
  }
}

/** A recording, without the time at which the call began. */
export const named = (recording: string): string => recording.replace(/^(call-1)-[0-9a-z]{8}(-\d+)$/, '$1$2')
const part = ({ text, language }: PromptPart): string => (language === 'en' ? text : `[${language}] ${text}`)
const told = (tell: Record<string, string>): string[] => Object.entries(tell).map(([name, value]) => `${name}=${value}`)
