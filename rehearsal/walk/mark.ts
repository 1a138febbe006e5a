/** A step that a call came to, or a way by which it left one. */
export type Mark = { step: string; way?: string }

export const idOf = ({ step, way }: Mark): string => (way === undefined ? step : `${step}\n${way}`)
