import type { Expressions } from '../expressions/cel.ts'
import { parseTemplate } from '../expressions/template.ts'
import type { FieldPath } from '../steps/step.ts'
import type { Inlined } from './calls.ts'
import type { ReadStep } from './steps.ts'

/**
 * Answers that are said or copied although some way leads there on which nothing has set them; they would be said as
 * nothing. A warning, since only the author knows which ways are never taken together. Conditions may ask for an
 * answer that was not given: it counts as empty. A forward analysis over the ways: set on all that lead here.
 */
export function checkAnswers(ways: Inlined, expressions: Expressions): void {
  if (!ways.whole || ways.start === undefined) return
  const byName = new Map(ways.list.map((step) => [step.name, step]))
  const before = new Map<string, Set<string>>([[ways.start, new Set()]])
  const changed = [ways.start]
  for (let name = changed.pop(); name !== undefined; name = changed.pop()) {
    const step = byName.get(name)
    const known = before.get(name)
    if (!step || !known) continue
    for (const [way, to] of ways.map.get(name) ?? []) {
      const after = new Set([...known, ...setBy(step, way)])
      const old = before.get(to)
      const both = old ? new Set([...old].filter((answer) => after.has(answer))) : after
      if (old && old.size === both.size) continue
      before.set(to, both)
      changed.push(to)
    }
  }
  const told = new Set<string>()
  for (const step of ways.list) {
    const known = before.get(step.name)
    if (known) reportUnset(step, known, expressions, told)
  }
}

/** What a step sets when it is left by this way. */
const setBy = (step: ReadStep, way: string): string[] =>
  (step.parts.sets ?? []).filter(({ by }) => by === undefined || by === way).map(({ name }) => name)

/** What a `set` has set already when it comes to the value at this path: all that stands above. */
function setAbove({ parts: { sets = [] } }: ReadStep, path: FieldPath): string[] {
  const at = sets.findIndex((one) => one.path.join() === path.join())
  return sets.slice(0, Math.max(0, at)).filter(({ by }) => by === sets[at]?.by).map(({ name }) => name)
}

/** Tells of each answer once, where it is first said. */
function reportUnset(step: ReadStep, known: Set<string>, expressions: Expressions, told: Set<string>): void {
  const check = (path: FieldPath, text: string, also: string[] = []): void => {
    for (const piece of parseTemplate(text).pieces) {
      if (!('value' in piece)) continue
      for (const name of expressions.names(piece.value)) {
        if (!expressions.answers.has(name) || known.has(name) || told.has(name) || also.includes(name)) continue
        told.add(name)
        step.source.report(step.at(path), 'unset-variable', `some way to here does not set "${name}"`, {
          offset: piece.at,
          warning: true,
          suggestion: 'set it on every way, or lead the ways without it elsewhere',
        })
      }
    }
  }
  for (const { path, text } of step.parts.texts ?? [])
    if (typeof text === 'string') check(path, text)
    else for (const [tag, one] of Object.entries(text)) check([...path, tag], one)
  for (const { path, text } of step.parts.templates ?? []) check(path, text, setAbove(step, path))
}
