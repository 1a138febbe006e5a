/** What came of a fault: a figure, and the most that it may be. `n`: a count, else milliseconds. */
export type Figure = { what: string; reached: number; atMost: number; unit: 'n' | 'ms' }

export const count = (what: string, reached: number, atMost = 0): Figure => ({ what, reached, atMost, unit: 'n' })
export const ms = (what: string, reached: number, atMost: number): Figure => ({ what, reached, atMost, unit: 'ms' })

/** What is not a number is not reached. */
export const holds = ({ reached, atMost }: Figure, slack = 1): boolean => reached <= atMost * slack

/** A fault, or the reason for which it was not tried. */
export type Tried = { fault: string; figures: Figure[] } | { fault: string; why: string }

/** The value that this part of all (0 to 1) does not exceed; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

const written = (value: number, unit: Figure['unit']): string =>
  unit === 'n' ? String(value) : `${Math.round(value)} ${unit}`

/** Faults as a table of Markdown: each figure beside the one wanted, misses in bold. */
export function table(tried: readonly Tried[]): string {
  const rows = tried.flatMap((one) =>
    'why' in one
      ? [`| ${one.fault} | **not tried**: ${one.why} | | |`]
      : one.figures.map((figure, i) => {
        const { what, reached, atMost, unit } = figure
        const told = written(reached, unit)
        const wanted = atMost === 0 ? '0' : `<= ${written(atMost, unit)}`
        return `| ${i === 0 ? one.fault : ''} | ${what} | ${holds(figure) ? told : `**${told}**`} | ${wanted} |`
      }))
  return ['| fault | figure | reached | wanted |', '|---|---|--:|--:|', ...rows].join('\n')
}
