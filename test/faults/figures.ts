/** What came of a fault: a figure, and the most that it may be. `n`: a count, else milliseconds or megabytes. */
export type Figure = { what: string; reached: number; atMost: number; unit: 'n' | 'ms' | 'MB' }

export const count = (what: string, reached: number, atMost = 0): Figure => ({ what, reached, atMost, unit: 'n' })
export const ms = (what: string, reached: number, atMost: number): Figure => ({ what, reached, atMost, unit: 'ms' })
export const mb = (what: string, reached: number, atMost: number): Figure => ({ what, reached, atMost, unit: 'MB' })

/** What is not a number is not reached. */
export const holds = ({ reached, atMost }: Figure, slack = 1): boolean => reached <= atMost * slack

/** A fault, or the reason for which it was not tried. */
export type Tried = { fault: string; figures: Figure[] } | { fault: string; why: string }

/** `p95` of some times, in milliseconds; the longest when `part` is 1. */
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
