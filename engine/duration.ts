const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5s`, `800ms`, `1.5s`, `2m`, `72h`, `7d` to milliseconds; undefined when it is not a time with its unit. */
export function milliseconds(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  return count && unit ? Math.round(Number(count) * units[unit]!) : undefined
}
