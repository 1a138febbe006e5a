/** When something is said: `now` in milliseconds since 1970, `zone` an IANA name such as `Australia/Canberra`. */
export type Moment = { now: number; zone: string }

/** A way of saying a value, as after the bar in `{{ slot.at | date }}`. */
export type Way = 'digits' | 'number' | 'date' | 'time'

/**
 * Says a value in words, or gives `undefined` when the value is not of that sort (`date` of "tomorrow").
 * The text is good to read and to compare with; what a synthetic voice trips over is put right by `aloud`.
 */
export type Saying = (value: unknown, when: Moment) => string | undefined

/**
 * Everything the engine itself says in one language. A new language is one file beside this one and one line in
 * `index.ts`; the values arrive already understood if the file uses `values.ts`. Sentences end with a full stop.
 */
export type LanguagePack = {
  /** RFC 5646 tag, `de`; serves `de-AT` too, unless that has a pack of its own. */
  tag: string
  /** The language's own name for itself. */
  name: string
  /** Each digit by itself, in groups: `4711` -> `4 7 1 1`, `+61255501234` -> `plus 6 1 2, 5 5 5, 0 1 2, 3 4`. */
  digits: Saying
  /** As a quantity, at most three decimals: `2600`, `3.5`. */
  number: Saying
  /** The day of the week and the day; the year only where it could be another than one thinks. */
  date: Saying
  /** The time of day. A value without a time has none. */
  time: Saying
  /** One offer of a menu, the matter before the key. `label` as the author wrote it after `for:`. */
  menuItem(label: string, key: string): string
  /** The name of a key as it stands after "press". */
  keyName(key: string): string
  /** Said when no key was pressed: the first time, the second time. In other words each time. */
  noInput: [string, string]
  /** Said when the key is not on offer or the answer not allowed: the first time, the second time. */
  noMatch: [string, string]
  /** Fewer digits were keyed than are needed. */
  tooFew: string
  /** Said before the caller waits for a person; `said` names the people in the nominative: `the bookings team`. */
  connecting(said?: string): string
  /** Technical trouble, before the way `failed` is taken. */
  sorry: string
  /** Rewrites for a synthetic voice what it would read wrongly, `24. November`. Must give back plain text. */
  aloud?(text: string): string
}
