import type { Switches } from './ports.ts'

/** A hotline's switches by name, and how each stands until somebody turns it. */
type Declared = { name: string; switches: Record<string, { starts: 'on' | 'off' }> }

/** The switches of a hotline that are on now. */
export const switchesOn = ({ name: hotline, switches }: Declared, turned: Switches): string[] =>
  Object.entries(switches)
    .filter(([name, { starts }]) => turned.isOn(hotline, name) ?? starts === 'on')
    .map(([name]) => name)

/** Just these switches of a hotline are on. */
export const onlyOn = ({ switches }: Pick<Declared, 'switches'>, on: readonly string[]): Map<string, boolean> =>
  new Map(Object.keys(switches).map((name) => [name, on.includes(name)]))

/** Switches that nobody turns; those named stand as they are given, the others as their flow starts them. */
export const fixedSwitches = (given: ReadonlyMap<string, boolean> = new Map()): Switches => ({
  isOn: (_, name) => given.get(name),
  watch: () => () => {},
})
