import { assign, enqueueActions } from 'xstate'
import { mostKeys, type CallContext } from '../call/context.ts'
import type { Effect, Told } from '../call/effects.ts'
import type { CallFacts } from '../call/events.ts'
import { Call, Caller, type Scope } from '../expressions/scope.ts'
import type { Piece } from '../expressions/template.ts'
import { addressOf, baseOf, bodyOf } from '../backends/encode.ts'
import { isOpen } from '../hours.ts'
import type { CallRecord } from '../ports.ts'
import { packFor, type Way } from '../saying/index.ts'
import type { ActionData, GuardData, Said, SetValue } from '../steps/step.ts'
import type { Flow } from './flow.ts'
import { piecesOf, spoken } from './speech.ts'

/** What every guard and action sees. `at` is when the event happened. */
type Seen = {
  context: CallContext
  event: { type: string; at: number; key?: string; how?: string; facts?: CallFacts; data?: unknown; earlier?: CallRecord[] }
}
type Enqueue = { (action: { type: string; params: unknown }): void; assign(change: Partial<CallContext>): void }
type ParamsOf<D extends { type: string }, T extends D['type']> =
  Extract<D, { type: T }> extends { params: infer P } ? P : undefined
type Guards = { [T in GuardData['type']]: (seen: Seen, params: ParamsOf<GuardData, T>) => boolean }
type Changes = {
  [T in Exclude<ActionData['type'], Ordering>]: (seen: Seen, params: ParamsOf<ActionData, T>) => Partial<CallContext>
}
type Ordering = 'play' | 'ask' | 'stop-playback' | 'outcome' | 'queue' | 'transfer' | 'hang-up' | 'set' | 'leave' | 'note' | 'request'
type Orders = { [T in Ordering]: (say: Say, seen: Seen, params: ParamsOf<ActionData, T>) => void }

/** What the guards and actions of compiled flows do: everything that the data of the states only names. */
export function behaviour(flow: Flow): object {
  const orders = ordersOf(flow)
  const ordering = (name: Ordering) =>
    enqueueActions((({ context, event, enqueue }: Seen & { enqueue: Enqueue }, params: never) => {
      orders[name](new Say(flow, { context, event }, enqueue), { context, event }, params)
    }) as never)
  return {
    guards: guardsOf(flow),
    actions: {
      ...Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, assign(change as never)])),
      ...Object.fromEntries((Object.keys(orders) as Ordering[]).map((name) => [name, ordering(name)])),
      arrive: assign((({ event }: Seen) => arrived(flow, event)) as never),
      enter: enqueueActions((({ enqueue }: { enqueue: Enqueue }, { step }: { step: string }) =>
        perform(enqueue, { type: 'enter', step })) as never),
      perform: () => {},
    },
  }
}

/** Hands an effect out of the machine: XState gives it back as an action that nobody executes. */
const perform = (enqueue: Enqueue, effect: Effect): void => enqueue({ type: 'perform', params: { effect } })

const arrived = (flow: Flow, event: Seen['event']): CallContext => ({
  facts: event.facts!,
  earlier: event.earlier!,
  startedAt: event.at,
  language: flow.languages[0],
  answers: {},
  notes: [],
  keys: [],
  digits: '',
  closed: false,
  lateEnd: undefined,
  wrong: nothingWrong,
  request: 0,
  answer: undefined,
  effect: 0,
})

const nothingWrong: CallContext['wrong'] = { last: undefined, silence: 0, mistake: 0, short: 0 }

/** Values, texts and conditions at one moment of a call, and the effects that carry them out. */
class Say {
  readonly flow: Flow
  readonly seen: Seen
  readonly enqueue: Enqueue

  constructor(flow: Flow, seen: Seen, enqueue: Enqueue) {
    this.flow = flow
    this.seen = seen
    this.enqueue = enqueue
  }

  /** The value of an expression; undefined, and said to the admin, when it cannot be computed. */
  value(cel: string): unknown {
    try {
      return this.flow.expressions.evaluate(cel, scopeOf(this.flow, this.seen))
    } catch (error) {
      this.trouble(`{{ ${cel} }} could not be computed: ${String((error as Error).message).split('\n')[0]}`)
      return undefined
    }
  }

  words(piece: Extract<Piece, { value: string }>, language: string): string {
    const value = this.value(piece.value)
    if (value === undefined || value === null) return ''
    const pack = packFor(language)
    const { timezone: zone, currency } = this.flow
    const when = { now: this.seen.event.at, zone, ...(currency ? { currency } : {}) }
    const way = (piece.way as Way | undefined) ?? (typeof value === 'number' ? 'number' : undefined)
    const said = way && pack?.[way]?.(value, when)
    if (said !== undefined) return said
    if (typeof value !== 'object') return String(value)
    this.trouble(`{{ ${piece.value} }} is several values, which cannot be said`)
    return ''
  }

  trouble(words: string): void {
    perform(this.enqueue, { type: 'trouble', words })
  }

  text(text: string): string {
    return piecesOf(text)
      .map((piece) => ('words' in piece ? piece.words : this.words(piece, this.seen.context.language)))
      .join('')
  }

  play(say: Said[], bargeIn: boolean): void {
    const prompt = spoken(say, this.seen.context.language, (piece, language) => this.words(piece, language))
    perform(this.enqueue, { type: 'play', id: this.nextId(), prompt, bargeIn })
  }

  nextId(): number {
    const id = this.seen.context.effect + 1
    this.enqueue.assign({ effect: id })
    return id
  }
}

function ordersOf(flow: Flow): Orders {
  return {
    play: (say, _, { say: what, bargeIn }) => say.play(what, bargeIn),
    ask(say, { context: { wrong } }, ask) {
      const ladder = wrong.last === undefined ? [] : ask[wrong.last]
      const lead = wrong.last === undefined ? undefined : ladder[Math.min(wrong[wrong.last], ladder.length) - 1]
      say.play(lead === undefined ? ask.prompt : [lead, ...ask.prompt], ask.bargeIn)
    },
    'stop-playback': (say) => perform(say.enqueue, { type: 'stop-playback' }),
    outcome: (say, _, { name }) => perform(say.enqueue, { type: 'outcome', name }),
    queue(say, { context }, { queue, maxWait, tell }) {
      const told: Told = {}
      for (const name of tell) {
        const value = context.answers[name]
        if (value !== undefined && value !== '' && !flow.secrets.has(name))
          told[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
      }
      if (context.notes.length > 0) told.note = context.notes.join('; ')
      perform(say.enqueue, { type: 'queue', id: say.nextId(), queue, maxWait, tell: told })
    },
    transfer: (say, _, { to, ring }) => perform(say.enqueue, { type: 'transfer', id: say.nextId(), to, ring }),
    request(say, { context }, { method, backend, rest, json, timeout }) {
      const id = say.nextId()
      say.enqueue.assign({ request: id, answer: undefined })
      const asked = ask(say, flow.backends[backend]!, rest, json)
      const idempotencyKey = `${context.facts.id}:${id}`
      const { timeout: usual } = flow.backends[backend]!
      perform(say.enqueue, {
        type: 'request', id, backend,
        asked: 'refused' in asked ? asked : { method, ...asked, timeout: timeout ?? usual, idempotencyKey },
      })
    },
    note(say, { context }, { text }) {
      const noted = say.text(text).replaceAll(/\s+/g, ' ').trim()
      if (noted === '') return
      say.enqueue.assign({ notes: [...context.notes, noted] })
      perform(say.enqueue, { type: 'note', text: noted })
    },
    leave: (say, _, { step, way }) => perform(say.enqueue, { type: 'leave', step, way }),
    'hang-up': (say) => perform(say.enqueue, { type: 'hang-up' }),
    set(say, { context, event }, { values }) {
      const answers = { ...context.answers }
      let { language } = context
      for (const [name, given] of Object.entries(values)) {
        // One below the other, as they are written: what is set above can be read below.
        const value = set(new Say(flow, { context: { ...context, answers, language }, event }, say.enqueue), given)
        if (name !== 'language') answers[name] = value
        // A caller of whom no language is known, `{{ caller.language }}`, goes on in the one spoken.
        else if (value === '' || value === undefined) continue
        else if (flow.languages.includes(String(value))) language = String(value)
        else
          perform(say.enqueue, {
            type: 'trouble',
            words: `the hotline does not speak "${String(value)}"; it goes on in ${language}`,
          })
      }
      say.enqueue.assign({ answers, language })
    },
  }
}

/** The address, headers and body of a request, with the values of this moment; refused when they cannot be made. */
function ask(say: Say, backend: Flow['backends'][string], rest: string, json: unknown): { url: string; headers: Record<string, string>; json?: unknown } | { refused: string } {
  const value = (cel: string): unknown => valueNow(say, cel)
  const base = baseOf(piecesOf(backend.url), value)
  if (typeof base !== 'string') return base
  const url = addressOf(base, piecesOf(rest), value)
  if (typeof url !== 'string') return url
  const body = json === undefined ? undefined : bodyOf(json, value)
  if (body && 'refused' in body) return body
  const headers = Object.fromEntries(Object.entries(backend.headers).map(([name, text]) => [name, say.text(text)]))
  return { url, headers, ...body }
}

/** A value for an address or a body: one that cannot be computed makes the request fail. */
const valueNow = (say: Say, cel: string): unknown => say.flow.expressions.evaluate(cel, scopeOf(say.flow, say.seen))

function set(say: Say, given: SetValue): unknown {
  if ('value' in given) return given.value
  return 'cel' in given ? say.value(given.cel) : say.text(given.text)
}

/** Actions that only change what the call knows. */
const changes: Changes = {
  'keep-key': ({ context: { keys, lateEnd }, event }) => {
    if (isLateEnd({ context: { keys, lateEnd }, event })) return { lateEnd: undefined }
    return keys.length >= mostKeys ? {} : { keys: [...keys, event.key!], lateEnd: undefined }
  },
  'drop-keys': () => ({ keys: [], lateEnd: undefined }),
  'take-key': ({ context: { keys } }) => ({ keys: keys.slice(1) }),
  'skip-keys': ({ context: { keys } }, { keys: skipped }) => {
    const other = keys.findIndex((one) => !skipped.includes(one))
    return { keys: other < 0 ? [] : keys.slice(other) }
  },
  'begin-input': () => ({ wrong: nothingWrong, digits: '', closed: false }),
  'count-silence': ({ context }) => counted(context, 'silence'),
  'count-mistake': ({ context }) => counted(context, 'mistake'),
  'count-short': ({ context }) => counted(context, 'short'),
  'take-digit': ({ context: { keys, digits } }, { end }) => {
    const [key = '', ...rest] = keys
    if (key === end) return { keys: rest, closed: true }
    return { keys: rest, digits: key === '*' ? '' : digits + key }
  },
  'hold-answer': ({ event }) => ({ answer: { well: event.how === 'ok', data: event.data ?? null } }),
  'take-answer': ({ context: { answers, answer } }, { into }) => ({
    answer: undefined,
    ...(into === undefined ? {} : { answers: { ...answers, [into]: answer?.data } }),
  }),
  'keep-answer': (seen, { into, ...ended }) => {
    const { answers, digits } = seen.context
    return { ...entryOver(seen, ended), answers: { ...answers, [into]: digits }, digits: '', closed: false }
  },
  'refuse-entry': (seen, ended) => ({ ...entryOver(seen, ended), keys: [] }),
}

/** An end key that follows an entry complete without it is taken out, or awaited until its time is over. */
function entryOver(
  { context: { keys, closed }, event }: Seen,
  { end, betweenKeys }: { end: string; betweenKeys: number },
): Pick<CallContext, 'keys' | 'lateEnd'> {
  if (!closed && keys[0] === end) return { keys: keys.slice(1), lateEnd: undefined }
  return { keys, lateEnd: closed || keys.length > 0 ? undefined : { key: end, until: event.at + betweenKeys } }
}

const isLateEnd = ({
  context: { keys, lateEnd },
  event,
}: {
  context: Pick<CallContext, 'keys' | 'lateEnd'>
  event: Seen['event']
}): boolean => lateEnd !== undefined && event.key === lateEnd.key && event.at <= lateEnd.until && keys.length === 0

const counted = ({ wrong }: CallContext, what: 'silence' | 'mistake' | 'short'): Partial<CallContext> => ({
  wrong: { ...wrong, last: what, [what]: wrong[what] + 1 },
  digits: '',
  closed: false,
})

function guardsOf(flow: Flow): Guards {
  const true_ = (cel: string, scope: Scope): boolean => {
    try {
      return flow.expressions.evaluate(cel, scope) === true
    } catch {
      // A condition that cannot be computed is not met; the caller goes the author's other way.
      return false
    }
  }
  return {
    'keys-waiting': ({ context }) => context.keys.length > 0,
    'late-end': isLateEnd,
    'answer-held': ({ context }) => context.answer !== undefined,
    'answered-well': ({ context }) => context.answer?.well === true,
    'nothing-keyed': ({ context }) => context.digits === '',
    'key-is': ({ context }, { key }) => context.keys[0] === key,
    when: (seen, { cel }) => true_(cel, scopeOf(flow, seen)),
    share: ({ context: { facts } }, { trial, below }) => drawn(`${facts.caller || facts.id}/${trial}`) < below,
    open: ({ event }, { hours }) => isOpen(flow.hours[hours]!, event.at, flow.timezone),
    'tries-spent': ({ context: { wrong } }, { tries }) => wrong.silence + wrong.mistake + wrong.short >= tries,
    'entry-complete': ({ context }, { most }) => context.closed || context.digits.length >= most,
    'entry-too-short': ({ context }, { least }) => context.digits.length < least,
    'entry-fits': (seen, { into, least, most, check }) => {
      const { digits, answers } = seen.context
      if (digits.length < least || digits.length > most || !/^\d+$/.test(digits)) return false
      return (
        check === undefined ||
        true_(check, scopeOf(flow, { ...seen, context: { ...seen.context, answers: { ...answers, [into]: digits } } }))
      )
    },
    ended: ({ event }, { how }) => event.how === how,
  }
}

function scopeOf(flow: Flow, { context, event }: Seen): Scope {
  const hours = Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(flow.hours).map(([name, table]) => [
        name,
        { enumerable: true, get: () => isOpen(table, event.at, flow.timezone) },
      ]),
    ),
  ) as Record<string, boolean>
  return {
    answers: context.answers,
    known: {
      caller: new Caller(context.facts.caller, context.earlier, event.at),
      call: new Call(context.facts.called, context.language, (event.at - context.startedAt) / 1000),
      now: new Date(event.at),
      hours,
      env: flow.env,
    },
  }
}

/** A number from 0 to 100 that is the same for the same text and spread evenly over texts (FNV-1a, 32 bits). */
function drawn(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  // The last bytes have hardly been mixed; fold the high half into the low one.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32) * 100
}
