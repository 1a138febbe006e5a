/** Something that is wrong, and what to do. */
export type Trouble = { what: string; todo: string }

/** The trouble, when it is there. */
export const trouble = (is: boolean, what: string, todo: string): Trouble[] => (is ? [{ what, todo }] : [])

/** `3.2 s`, or `4 min` from two minutes on. */
export const seconds = (ms: number): string =>
  ms < 120_000 ? `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1).replace(/\.?0+$/, '')} s` : `${Math.round(ms / 60_000)} min`
