import type { CallContext } from '../../engine/call/context.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { nodeOf, patternsIn } from './ast.ts'
import { textsFor } from './patterns.ts'

/** A condition on which calls part, as the compiled flow names it. */
type Predicate = { type: string; params: Record<string, unknown> }
type Guard = (seen: { context: CallContext; event: { type: string; at: number } }, params: unknown) => boolean

/** What is asked of the moment, not of the caller, the clock and the answers. */
const ofTheMoment = [
  'keys-waiting',
  'nothing-keyed',
  'late-end',
  'key-is',
  'tries-spent',
  'entry-complete',
  'entry-too-short',
  'entry-fits',
  'ended',
]

/**
 * All conditions of a flow on callers, clocks and answers. Two calls at the same place for which the same ones are true
 * go on in the same way, whatever was keyed: that is what keeps a search through a flow short.
 */
export class Predicates {
  /** What conditions say, for the values that stand in them. */
  readonly texts: string[]
  private readonly patterns: { of: string; pattern: string }[]
  private readonly list: Predicate[]
  private readonly guards: Record<string, Guard>

  constructor({ machine }: Compiled) {
    const found = new Map<string, Predicate>()
    gather(machine.config, found)
    this.list = [...found.values()]
    this.guards = machine.implementations.guards as unknown as Record<string, Guard>
    this.texts = this.list.flatMap(({ params }) => (typeof params.cel === 'string' ? [params.cel] : []))
    this.patterns = this.texts.flatMap((cel) => patternsIn(nodeOf(cel)))
  }

  /** Texts that the regular expressions match with which conditions look at an answer, or at `caller.number`. */
  textsFor(name: string): string[] {
    return this.patterns.filter((one) => one.of === name).flatMap(({ pattern }) => textsFor(pattern))
  }

  /** Seconds of a call with which conditions compare; empty when none asks how long it lasts. */
  get seconds(): number[] {
    return literals(this.texts.filter((cel) => cel.includes('call.seconds'))).numbers.filter((n) => n > 0)
  }

  /** Which of them are true, as a text of 0 and 1. */
  truth(context: CallContext, at: number): string {
    return this.list.map((one) => (this.isTrue(one, context, at) ? 1 : 0)).join('')
  }

  private isTrue({ type, params }: Predicate, context: CallContext, at: number): boolean {
    try {
      return this.guards[type]?.({ context, event: { type: '', at } }, params) === true
    } catch {
      return false
    }
  }
}

function gather(data: unknown, into: Map<string, Predicate>): void {
  if (typeof data !== 'object' || data === null) return
  if ('guard' in data) {
    const { type, params = {} } = data.guard as { type: string; params?: Predicate['params'] }
    const check = params.check
    const one =
      type === 'entry-fits' && typeof check === 'string' ? { type: 'when', params: { cel: check } } : { type, params }
    if (!ofTheMoment.includes(one.type)) into.set(JSON.stringify(one), one)
  }
  for (const part of Object.values(data)) gather(part, into)
}

/** Values that conditions compare with: texts and numbers. */
export function literals(texts: string[]): { texts: string[]; numbers: number[] } {
  const strings = texts.flatMap((cel) => [...cel.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(([, a, b]) => a ?? b ?? ''))
  const numbers = texts.flatMap((cel) =>
    [...cel.replaceAll(/"[^"]*"|'[^']*'/g, ' ').matchAll(/\b\d+(?:\.\d+)?\b/g)].map(([one]) => Number(one)),
  )
  return { texts: [...new Set(strings)], numbers: [...new Set(numbers)] }
}
