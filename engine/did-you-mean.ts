/** As many as a hotline has fields, and a flow kinds of steps. */
const mostShown = 24

/** `did you mean "sales"?` for the nearest of the names; else `orElse`, or what there is to choose from. */
export function didYouMean(word: string, names: Iterable<string>, orElse?: string): string | undefined {
  const known = [...names]
  const near = nearest(word, known)
  if (near !== undefined) return `did you mean "${near}"?`
  if (orElse !== undefined || known.length === 0) return orElse
  const some = known.slice(0, mostShown)
  return `there ${some.length === 1 ? 'is' : 'are'}: ${some.join(', ')}${some.length < known.length ? ', ...' : ''}`
}

/** The name that was probably meant; at most every fourth letter differs. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: { name: string; far: number } | undefined
  if (word.length > 64) return undefined
  for (const name of names) {
    const allowed = Math.max(1, Math.floor(Math.max(word.length, name.length) / 4))
    if (Math.abs(word.length - name.length) > allowed) continue
    const far = distance(word.toLowerCase(), name.toLowerCase())
    // One letter for another of one letter is no slip of the finger.
    if (far <= allowed && far < Math.max(word.length, name.length) && far < (best?.far ?? Infinity))
      best = { name, far }
  }
  return best?.name
}

/** Edits (insert, drop, change, swap neighbours) between two words; Damerau 1964, restricted to one swap a pair. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
