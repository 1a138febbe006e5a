/*
 * A step is named as its author has named it. One of a list has its number behind the name, `read-slot/2`; one of a
 * file that is called has the name of that file in front, `identify/ask`; and a step that runs once for each call of it
 * says behind an @ who calls: `identify/ask@known`, `read-slot@main:2/1`. No name holds a dot: XState parts ids there.
 */

/** The name of a step without its number in a list. */
export const baseName = (name: string): string => name.replace(/\/\d+$/, '')

/** The name of a step as its author knows it, whoever calls it. */
export const ownName = (name: string): string => name.replace(/@.*?(\/\d+)?$/, '$1')

/** How many steps these names are of as authors count them: each of a list is one, and one that is called is one. */
export const countSteps = (names: Iterable<string>): number => new Set([...names].map(ownName)).size

/** The name that an author has written, without number and caller. */
export const shownName = (name: string): string => baseName(ownName(name))

/** The name under which a step runs for one call of it; `from` is the name of the step that calls. */
export function nameInCall(name: string, from: string): string {
  const base = baseName(name)
  return `${base}@${from.replace(/\/(\d+)$/, ':$1')}${name.slice(base.length)}`
}

/** The place of a step in its list, counted from 1; NaN when it stands in none. */
export const numberIn = (name: string): number => Number(/\/(\d+)$/.exec(name)?.[1])

/** Whether a step stands right behind another in a list. */
export const isNext = (from: string, to: string): boolean =>
  baseName(from) === baseName(to) && numberIn(to) === numberIn(from) + 1
