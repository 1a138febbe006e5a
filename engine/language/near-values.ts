import type { Said } from '../steps/step.ts'
import type { Flow } from './flow.ts'
import { onlyFixed } from './speech.ts'

/**
 * The steps in which, or right behind which, something with a value in it may be said: only there it pays to look
 * ahead. `said`: what each step says. Steps that say nothing are passed at once.
 */
export function nearValues({ steps, languages }: Flow, said: ReadonlyMap<string, Said[][]>): ReadonlySet<string> {
  const isSpoken = (name: string): boolean => (said.get(name)?.length ?? 0) > 0
  const before = new Map<string, string[]>()
  for (const { name, ways } of steps.values()) {
    for (const to of ways.values()) {
      if (!before.has(to)) before.set(to, [])
      before.get(to)!.push(name)
    }
  }
  const withValues = [...said].flatMap(([name, all]) =>
    all.some((say) => languages.some((language) => !onlyFixed(say, language))) ? [name] : [],
  )
  // What is said once and for all is not said again there; a question is.
  const found = new Set(withValues.filter((name) => said.get(name)!.length > 1))
  const passed = new Set<string>()
  for (const next = [...withValues]; next.length > 0; ) {
    for (const name of before.get(next.pop()!) ?? []) {
      if (isSpoken(name)) found.add(name)
      else if (!passed.has(name)) {
        passed.add(name)
        next.push(name)
      }
    }
  }
  return found
}
