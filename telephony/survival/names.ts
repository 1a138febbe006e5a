import { createHash } from 'node:crypto'

/** Asterisk keeps the name of an extension or a context in 80 bytes (AST_MAX_EXTENSION, AST_MAX_CONTEXT). */
const longest = 79
/** Kept free for the part of a hotline that a context is about: a language's tag, `hours`. */
const partRoom = 13

/**
 * The extension of a step in survival: what CALLWRIGHT_STEP says. Steps are named with small letters, digits, `-` and
 * `/ @ :`, of which Asterisk reads `-` as nothing and `/` as the start of a caller's number; the beginning keeps a step
 * called `h` or `t` from meaning something else.
 */
export const stepExtension = (step: string): string => fitting(`step_${translated(step)}`)

/** Where a caller goes on who comes back from that step's queue or transfer. */
export const backExtension = (step: string): string => fitting(`back_${translated(step)}`)

/** The context of a hotline in one language, or of its opening hours. */
export const survivalContext = (hotline: string, part: string): string =>
  `${fitting(`callwright-survival-${hotline}`, partRoom)}-${part}`

/** What one name is translated to no other is. */
const translated = (step: string): string => {
  if (!/^[a-z0-9@:/-]+$/.test(step))
    throw new Error(`the step ${JSON.stringify(step)} cannot stand in Asterisk's dialplan`)
  const signs: Record<string, string> = { '-': '_', '/': '.', '@': '+', ':': '*' }
  return step.replaceAll(/[@:/-]/g, (sign) => signs[sign]!)
}

function fitting(name: string, more = 0): string {
  if (name.length + more <= longest) return name
  const mark = createHash('sha256').update(name.slice(5)).digest('hex').slice(0, 10)
  return `${name.slice(0, longest - more - mark.length - 1)}_${mark}`
}
