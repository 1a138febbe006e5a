import type { Flow, Step } from '../language/flow.ts'

/** A secret answer that was given and is not known any more, and the step that had asked for it. */
export type LostSecret = { name: string; step: string }

/**
 * Which question must be asked again before a call can go on from a step: that of the first lost secret which something
 * on the way reads. Undefined when nothing does: nobody is asked for a number that nobody needs.
 */
export function toAskAgain(flow: Flow, from: string, lost: readonly LostSecret[]): LostSecret | undefined {
  return lost.find(({ name, step }) => flow.steps.has(step) && isReadFrom(flow, from, name))
}

function isReadFrom(flow: Flow, from: string, name: string): boolean {
  const seen = new Set<string>()
  const next = [from]
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    const step = flow.steps.get(at)
    if (!step || seen.has(at)) continue
    seen.add(at)
    if (reads(flow, step, name)) return true
    next.push(...step.ways.values())
  }
  return false
}

function reads({ expressions }: Flow, { parts }: Step, name: string): boolean {
  return (
    (parts.expressions ?? []).some(({ cel }) => expressions.names(cel).has(name)) ||
    (parts.templates ?? []).some(({ text }) => expressions.namesInText(text).has(name))
  )
}
