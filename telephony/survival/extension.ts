/** Channel variables of survival alone. */
export const KEPT = {
  /** The key read last; empty: none came in time. */
  key: 'CALLWRIGHT_KEY',
  /** A key pressed ahead, the answer to the next question. */
  ahead: 'CALLWRIGHT_AHEAD',
  /** An end key that may still come for an entry complete without it, and until when (seconds since 1970). */
  late: 'CALLWRIGHT_LATE',
  lateUntil: 'CALLWRIGHT_LATE_UNTIL',
  /** Digits keyed so far. */
  entry: 'CALLWRIGHT_ENTRY',
  /** How often nothing, something wrong, or too little was keyed. */
  silent: 'CALLWRIGHT_SILENT',
  wrong: 'CALLWRIGHT_WRONG',
  short: 'CALLWRIGHT_SHORT',
  /** What is said before the prompt, with `&` behind it. */
  lead: 'CALLWRIGHT_LEAD',
  /** Steps so far. */
  steps: 'CALLWRIGHT_STEPS',
  share: 'CALLWRIGHT_SHARE',
  tell: 'CALLWRIGHT_TELL',
  from: 'CALLWRIGHT_FROM',
} as const

/** An answer; its name is a CEL identifier. */
export const answer = (name: string): string => `CALLWRIGHT_ANSWER_${safe(name, /^[A-Za-z_][A-Za-z0-9_]*$/)}`

/** A switch as the engine has left it, `on` or `off`, in a global variable; nothing when it has said nothing. */
export const switchVariable = (hotline: string, name: string): string =>
  `CALLWRIGHT_SWITCH_${safe(hotline, /^[A-Za-z0-9_-]+$/)}.${safe(name, /^[a-z0-9_]+$/)}`

/**
 * The one gate through which names and texts come into the dialplan: what Asterisk might read as syntax is refused.
 * `form` says what is none; default a plain text as `isPlain` knows it.
 */
export function safe(text: string, form = /^[\p{L}\p{N} _.+-]{0,200}$/u): string {
  if (form.test(text) && !/[\p{Cc}$"'\\,;()[\]{}|&<>=!`]/u.test(text)) return text
  throw new Error(`${JSON.stringify(text)} cannot stand in Asterisk's dialplan`)
}

/** One extension of the dialplan, line by line. */
export class Extension {
  private readonly name: string
  private readonly lines: string[] = []

  constructor(name: string) {
    this.name = name
  }

  /** The next priority, perhaps with a label. */
  add(application: string, label?: string): this {
    const at = this.lines.length === 0 ? `exten => ${this.name},1` : ` same => n`
    this.lines.push(`${at}${label === undefined ? '' : `(${label})`},${application}`)
    return this
  }

  set(variable: string, value: string, label?: string): this {
    return this.add(`Set(${variable}=${value})`, label)
  }

  /** Goes somewhere when a variable holds just this. */
  when(variable: string, value: string, to: string, label?: string): this {
    return this.add(`GotoIf($["\${${variable}}" = "${value}"]?${to})`, label)
  }

  text(): string {
    return this.lines.join('\n')
  }
}
