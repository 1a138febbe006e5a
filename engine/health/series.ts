/** What tells the series of one family apart. Values come from flows and settings, never from callers. */
export type Labels = Readonly<Record<string, string>>

/** One number, with its labels; `suffix` as `_bucket` has it. */
type Sample = { suffix?: string; labels?: Labels; value: number }

/** Everything of one name, as Prometheus reads it. */
export type Family = { name: string; help: string; type: 'counter' | 'gauge' | 'histogram'; samples: Sample[] }

/** Series that one family may have; what would be more is counted under `other`. */
const most = 500

/** Kept for each set of labels. */
class Series<T> {
  private readonly all = new Map<string, { labels: Labels; value: T }>()
  private readonly fresh: () => T

  constructor(fresh: () => T) {
    this.fresh = fresh
  }

  of(labels: Labels): { labels: Labels; value: T } {
    const known = this.all.get(JSON.stringify(labels))
    if (known) return known
    const full = this.all.size >= most
    const own = full ? Object.fromEntries(Object.keys(labels).map((name) => [name, 'other'])) : labels
    const key = JSON.stringify(own)
    const one = this.all.get(key) ?? { labels: own, value: this.fresh() }
    this.all.set(key, one)
    return one
  }

  [Symbol.iterator](): IterableIterator<{ labels: Labels; value: T }> {
    return this.all.values()
  }
}

/** Something that is counted; its name ends in `_total`. */
export class Counter {
  private readonly name: string
  private readonly help: string
  private readonly series = new Series(() => 0)

  constructor(name: string, help: string) {
    this.name = name
    this.help = help
  }

  add(labels: Labels = {}): void {
    this.series.of(labels).value++
  }

  family(): Family {
    return { name: this.name, help: this.help, type: 'counter', samples: [...this.series] }
  }
}

/** Times, by how many were no longer than each of `bounds`. Seconds. */
export class Histogram {
  private readonly name: string
  private readonly help: string
  private readonly bounds: readonly number[]
  private readonly series: Series<{ within: number[]; count: number; sum: number }>

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.bounds = bounds
    this.series = new Series(() => ({ within: bounds.map(() => 0), count: 0, sum: 0 }))
  }

  observe(labels: Labels, seconds: number): void {
    const { value } = this.series.of(labels)
    value.count++
    value.sum += seconds
    this.bounds.forEach((bound, i) => {
      if (seconds <= bound) value.within[i]!++
    })
  }

  family(): Family {
    const samples = [...this.series].flatMap(({ labels, value: { within, count, sum } }): Sample[] => [
      ...this.bounds.map((bound, i) => ({
        suffix: '_bucket',
        labels: { ...labels, le: String(bound) },
        value: within[i]!,
      })),
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
      { suffix: '_sum', labels, value: sum },
      { suffix: '_count', labels, value: count },
    ])
    return { name: this.name, help: this.help, type: 'histogram', samples }
  }
}

/** Something that is as it is at this moment; left out when it is not known. */
export function gauge(name: string, help: string, value: number | undefined | Sample[]): Family {
  const samples = value === undefined ? [] : typeof value === 'number' ? [{ value }] : value
  return { name, help, type: 'gauge', samples }
}

/** A count that is kept elsewhere. */
export const counted = (name: string, help: string, value: number | undefined | Sample[]): Family => ({
  ...gauge(name, help, value),
  type: 'counter',
})

/** The type of what `textOf` writes. */
export const textType = 'text/plain; version=0.0.4; charset=utf-8'

/** The text format of Prometheus, version 0.0.4. A family without samples is left out. */
export function textOf(families: readonly Family[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}`),
    ])
  return `${lines.join('\n')}\n`
}

function labelText(labels: Labels): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return all.length > 0 ? `{${all.join(',')}}` : ''
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
