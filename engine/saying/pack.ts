import type { Joining } from './pieces.ts'

/**
 * When and where something is said: `now` in milliseconds since 1970, `zone` an IANA name such as `Australia/Canberra`,
 * `currency` (ISO 4217, `AUD`) that of amounts which name none; without it they stay without one.
 */
export type Moment = { now: number; zone: string; currency?: string }

/** The ways of saying a value that every language has, as after the bar in `{{ slot.at | date }}`. */
export const ways = ['digits', 'number', 'money', 'date', 'time', 'duration', 'spell', 'words'] as const

/** A way of saying a value. */
export type Way = (typeof ways)[number]

/**
 * Says a value in words, or gives `undefined` when the value is not of that sort (`date` of "tomorrow"). Never throws,
 * whatever the value; the same value at the same moment is always said the same; at most `longestSaid` characters.
 * The text is good to read and to compare with; what a synthetic voice trips over is put right by `aloud`.
 */
export type Saying = (value: unknown, when: Moment) => string | undefined

/**
 * Everything the engine itself says in one language. A new language is one file beside this one and one line in
 * `index.ts`. Values arrive already understood, so that a pack only words them:
 *
 * | way | understood by |
 * |---|---|
 * | `digits`, `number`, `date`, `time` | `singly`, `amountOf`, `dayOf` with `needsYear`, `timeOf` in `values.ts` |
 * | `money` | `moneySaid` in `money.ts`, given the names of coins and how amounts are put together |
 * | `duration` | `spanOf` in `spans.ts`: one or two counts with their units |
 * | `spell` | `spelled` in `spelling.ts`, given the names of signs and accents |
 * | `words` | `plainWords` in `plain.ts`, given the symbols in words |
 *
 * `test/saying/conformance.ts` holds what every pack must do; `fr.ts` is the one to start from.
 * Sentences end with a full stop.
 */
export type LanguagePack = {
  /** RFC 5646 tag, `de`; serves `de-AT` too, unless that has a pack of its own. */
  tag: string
  /** The language's own name for itself. */
  name: string
  /** Each digit by itself, in groups: `4711` -> `4 7 1 1`, `+61255501234` -> `plus 6 1, 2 5 5, 5 0 1, 2 3 4`. */
  digits: Saying
  /** As a quantity, at most three decimals: `2600`, `3.5`. */
  number: Saying
  /**
   * An amount with its currency, as one says it at a till: `12 dollars and 50 cents`. Without a currency as `number`.
   */
  money: Saying
  /** The day of the week and the day; the year only where it could be another than one thinks. */
  date: Saying
  /** The time of day. A value without a time has none. */
  time: Saying
  /** A length of time, `1 hour and 30 minutes`. */
  duration: Saying
  /** Letter by letter, so that it can be written down: `K, W, 7, dash, 3`. No spelling alphabet. */
  spell: Saying
  /** The text as it is, without what cannot be said and with symbols in words. A number is said as `number` says it. */
  words: Saying
  /** One offer of a menu, the matter before the key. `label` as the author wrote it after `for:`. */
  menuItem(label: string, key: string): string
  /** The name of a key as it stands after "press". */
  keyName(key: string): string
  /** Said when no key was pressed: the first time, the second time. In other words each time. */
  noInput: [string, string]
  /** The same when digits are asked for. */
  noEntry: [string, string]
  /** Said when the key is not on offer or the answer not allowed: the first time, the second time. */
  noMatch: [string, string]
  /** Said when what was keyed is not accepted as an answer: the first time, the second time. */
  notAccepted: [string, string]
  /** Fewer digits were keyed than are needed. */
  tooFew: string
  /** Said before the caller waits for a person; `said` names the people in the nominative: `the bookings team`. */
  connecting(said?: string): string
  /** Finds "press 1 for sales" in a text: the key named before the matter. Default: nothing is looked for. */
  keyFirst?: RegExp
  /** Said while something is looked up. */
  oneMoment: string
  /** Said when the caller has recorded something: `hear`, `keep`, `again` at the keys 1, 2, 3; `kept` in the end. */
  recorded: { hear: string; keep: string; again: string; kept: string }
  /** Wishes to be called back. `number` arrives as it is put into a text. */
  callback: {
    offer(number: string): string
    /** The labels of the keys 1, 2, 3 behind the offer. */
    agree: string
    otherNumber: string
    decline: string
    /** Asks for the number, to be ended with `#`. */
    askNumber: string
    read(number: string): string
    /** The labels of the keys 1 and 2 behind the number read back. */
    right: string
    again: string
    promised: string
  }
  /** Said for an answer. */
  thanks: string
  /** Before the call ends because nobody is there, or something does not work. True of both. */
  sorry: string
  /** Rewrites for a synthetic voice what it would read wrongly, `24. November`. Must give back plain text. */
  aloud?(text: string): string
  /** How values are put together from words spoken beforehand. Default: each is spoken when it is known. */
  joining?: Joining
}
