import type { Place } from '../errors.ts'

/** Every mistake a flow can hold: its code, and what the code means in one line. */
export const mistakeCodes = {
  unreadable: 'a file that cannot be read, or a folder with a name that Asterisk cannot use',
  'yaml-syntax': 'the file is not valid YAML',
  'yaml-refused': 'YAML that a flow must not use: aliases, merge keys, tags, too much or too deep',
  'unknown-field': 'a field that does not exist here',
  'missing-field': 'a field that must be given',
  'bad-value': 'a value that does not fit its field',
  'bad-duration': 'a time without its unit, or not a time',
  'unknown-kind': 'a step without a kind, with two kinds, or of a kind that does not exist',
  'unknown-step': 'a way to a step that does not exist',
  'unknown-queue': 'a queue that is not listed under `queues`',
  'unknown-backend': 'a backend that is not listed under `backends`',
  'unknown-hours': 'opening hours that are not listed under `opening-hours`',
  'unknown-language': 'a language that is not listed under `languages`, or that cannot be spoken',
  'unknown-variable': 'a name that nothing sets',
  'unknown-outcome': 'an outcome that no call can have',
  'bad-expression': 'a condition or placeholder that cannot be computed',
  'unknown-setting': 'a setting of the admin that is not allowed yet',
  'unknown-way-of-saying': 'a way of saying that does not exist',
  'unfit-way-of-saying': 'a way of saying that cannot say such a value',
  'no-currency': 'an amount that would be said without a currency',
  'missing-text': 'a text that is not given in one of the languages',
  'text-twice': 'a text that is given both in the flow and in its translations',
  'unknown-text': 'a translation of a text that the flow does not have',
  'no-way-on': 'a step after which the call would have no end',
  'endless-loop': 'steps that lead back to themselves without the caller being asked',
  'name-twice': 'a call of a name that both a step and a file have',
  'never-returns': 'a call of steps that never come back',
  'return-without-call': 'a return to which the call also comes without a call',
  'calls-itself': 'steps that call themselves',
  'unreachable-step': 'a step that no way leads to',
  'dead-key': 'a key or an entry that no caller can press',
  'secret-told': 'a secret answer that would be spoken, shown, copied or sent for others to read',
  'unset-variable': 'an answer that is said although some way to there leaves it unset',
  'long-prompt': 'more than 30 seconds said without a pause',
  'many-keys': 'a menu with more than five keys',
  'key-twice': 'a key named in a text and again in the words behind it',
  'key-first': 'a key named before the matter',
  'short-wait': 'less than three seconds to press a key',
  'no-person': 'a menu or question from which no way leads to a person',
  'slow-to-a-person': 'a longer way to a person than the author has allowed',
  'unknown-recording': 'a recording of words that the hotline does not say',
  'recording-twice': 'two recordings of the same text',
  'outdated-recording': 'a text that has changed since it was recorded',
  'unusable-recording': 'a file in `audio/` that cannot be a recording',
  'number-taken': 'a number that two hotlines claim',
} as const

export type MistakeCode = keyof typeof mistakeCodes

/** The flow author's mistake, with its place and what to do about it. */
export class FlowError extends Error {
  override name = 'FlowError'
  readonly code: MistakeCode
  readonly place: Place
  /** What is wrong, in the author's words. */
  readonly detail: string
  /** What to write instead. */
  readonly suggestion: string | undefined
  /** Whether the flow may go live all the same. */
  readonly warning: boolean
  /** The line it stands on, as written. */
  readonly line: string

  constructor(m: {
    code: MistakeCode
    place: Place
    detail: string
    suggestion?: string | undefined
    warning?: boolean
    line?: string
  }) {
    super(
      `${m.place.file}:${m.place.line}:${m.place.column} ${m.code}: ${m.detail}${m.suggestion ? `; ${m.suggestion}` : ''}`,
    )
    this.code = m.code
    this.place = m.place
    this.detail = m.detail
    this.suggestion = m.suggestion
    this.warning = m.warning ?? false
    this.line = m.line ?? ''
  }

  /** The message, the line and a caret under the place; the message alone of a file that is no text. */
  pretty(): string {
    if (this.line === '') return this.message
    const number = String(this.place.line)
    const from = Math.max(0, this.place.column - 100)
    const shown = this.line.slice(from, from + 160).replaceAll('\t', ' ')
    const caret = ' '.repeat(Math.max(0, this.place.column - 1 - from)) + '^'
    return `${this.message}\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${caret}`
  }
}
