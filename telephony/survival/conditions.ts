import type { Condition, Fact } from '../../engine/survival.ts'
import { VARIABLES } from '../ami/places.ts'
import { answer, safe, switchVariable } from './extension.ts'

/** What conditions need to know of their hotline. */
export type Asked = { hotline: string; switches: Record<string, 'on' | 'off'> }

/** Set by the extension of opening hours of this name. */
export const openVariable = (hours: string): string => `CALLWRIGHT_OPEN_${safe(hours, /^[a-z0-9_]+$/)}`

/** A condition as Asterisk computes it, to stand in `$[ ]`. Its opening hours must have been found out before. */
export function expression(condition: Condition, asked: Asked): string {
  const inside = (one: Condition): string => `(${expression(one, asked)})`
  if ('always' in condition) return condition.always ? '1' : '0'
  if ('all' in condition) return condition.all.map(inside).join(' & ')
  if ('any' in condition) return condition.any.map(inside).join(' | ')
  if ('not' in condition) return `!${inside(condition.not)}`
  if ('open' in condition) return `"\${${openVariable(condition.open)}}" = "1"`
  if ('on' in condition) {
    const variable = switchVariable(asked.hotline, condition.on)
    // Where the engine has said nothing the switch is as it starts.
    return asked.switches[condition.on] === 'on' ? `"\${${variable}}" != "off"` : `"\${${variable}}" = "on"`
  }
  if ('language' in condition) return `"\${${VARIABLES.language}}" = "${safe(condition.language)}"`
  if ('is' in condition) return `"${valueOf(condition.of)}" = "${safe(condition.is)}"`
  const { of, begins } = condition
  return begins === '' ? '1' : `"${valueOf(of, begins.length)}" = "${safe(begins)}"`
}

/** The names of the opening hours in a condition. */
export function hoursIn(condition: Condition): string[] {
  if ('open' in condition) return [condition.open]
  if ('not' in condition) return hoursIn(condition.not)
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
  return [...new Set(parts.flatMap(hoursIn))]
}

/** A fact, or the beginning of it. What a caller's network has sent is reduced to what is a number. */
function valueOf(of: Fact, length?: number): string {
  const first = length === undefined ? '' : `:0:${length}`
  if (of === 'called') return `\${${VARIABLES.called}${first}}`
  if (of === 'caller') return `\${FILTER(0-9+*#,\${CALLERID(num)})${first}}`
  return `\${${answer(of.answer)}${first}}`
}
