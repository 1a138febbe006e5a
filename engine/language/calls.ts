import type { Way } from '../steps/step.ts'
import { hangUpEnd, returnEnd } from './flow.ts'
import { baseName, nameInCall } from './step-names.ts'
import type { ReadStep } from './steps.ts'
import { reachedFrom, type WayMap, type Ways } from './ways.ts'

/** The steps as they run, and where their ways lead: none of them calls, and none comes back. */
export type Inlined = Ways & { list: ReadStep[] }

/** Steps that calls may add to a flow. More are no conversation, and take long to prove. */
const mostCopies = 5000

/**
 * Gives each call steps of its own. Of what is called, the steps from which the call can come back run once for each
 * place that calls them, under a name of its own, and their `return` leads where that place goes on. All others, such
 * as an agent or an end, are there once. So what runs has no calls in it, and what is proven of ways holds for them.
 */
export function inlineCalls(written: ReadStep[], ways: Ways): Inlined {
  const inlining = new Inlining(written, ways)
  const start = ways.start === undefined ? undefined : inlining.enter(ways.start)
  inlining.follow()
  // Steps that no call comes to are a part of the flow all the same.
  for (const { name } of written) inlining.enterUnreached(name)
  inlining.reportReturns(start)
  return { start, map: inlining.map, whole: inlining.whole, list: inlining.steps() }
}

/** One call of steps. */
type Call = {
  /** The step that calls, as it runs, and where the call comes back to. */
  from: string
  backTo: string
  /** The steps, as written, that call within one another until here. */
  within: string[]
  /** Calls in the order in which they were found; what belongs to one stands together. */
  order: number
}

/** A step as it runs. */
type Running = { step: ReadStep; place: number; call: Call | undefined }

class Inlining {
  readonly map: WayMap = new Map()
  whole: boolean
  private readonly ways: Ways
  private readonly written: Map<string, { step: ReadStep; place: number }>
  private readonly comingBack: Set<string>
  private readonly running = new Map<string, Running>()
  private readonly waiting: string[] = []
  private readonly entered = new Set<string>()
  private calls = 0
  private copies = 0

  constructor(written: ReadStep[], ways: Ways) {
    this.ways = ways
    this.whole = ways.whole
    this.written = new Map(written.map((step, place) => [step.name, { step, place }]))
    this.comingBack = comingBack(written, ways.map)
  }

  /** Where a way leads that leads to this step, or end, within this call. */
  enter(to: string, within?: Call): string {
    if (to === returnEnd) return within?.backTo ?? hangUpEnd
    const found = this.written.get(to)
    if (!found) return to
    const call = this.comingBack.has(to) ? within : undefined
    const name = call ? nameInCall(to, call.from) : to
    if (this.running.has(name)) return name
    if (call && this.copies++ >= mostCopies) return this.tooMany(call)
    this.running.set(name, { ...found, call })
    this.entered.add(to)
    this.waiting.push(name)
    return name
  }

  enterUnreached(name: string): void {
    if (this.entered.has(name)) return
    this.enter(name)
    this.follow()
  }

  /** Goes every way of the steps entered, until all have been. */
  follow(): void {
    for (let name = this.waiting.pop(); name !== undefined; name = this.waiting.pop()) {
      const { step, call } = this.running.get(name)!
      const resolved = new Map<string, string>()
      this.map.set(name, resolved)
      for (const [what, to] of this.ways.map.get(step.name) ?? []) {
        const way = step.ways.find((one) => one.what === what)
        // The way on from a call is that of its `return`.
        if (step.ways.some(({ back }) => back === what)) continue
        resolved.set(what, way?.back === undefined ? this.enter(to, call) : this.call(name, way, to))
      }
    }
  }

  steps(): ReadStep[] {
    const order = ({ call }: Running): number => call?.order ?? -1
    return [...this.running]
      .sort(([, a], [, b]) => order(a) - order(b) || a.place - b.place)
      .map(([name, { step }]) => ({ ...step, name }))
  }

  /** Steps that lead back although nothing has called them. */
  reportReturns(start: string | undefined): void {
    if (!this.whole || start === undefined) return
    for (const name of reachedFrom(start, this.map)) {
      const { step, call } = this.running.get(name) ?? {}
      const ways = this.ways.map.get(name)
      const back = step?.ways.find(({ what }) => ways?.get(what) === returnEnd)
      if (!step || call || !back) continue
      this.whole = false
      const detail = `there is nowhere to return to: some way to "${baseName(name)}" is no call`
      step.source.report(step.at(back.path), 'return-without-call', detail, {
        suggestion: 'lead only calls here, or write hang-up',
      })
    }
  }

  private call(name: string, way: Way, to: string): string {
    const { step, call } = this.running.get(name)!
    const next = this.ways.map.get(step.name)?.get(way.back!)
    if (!this.comingBack.has(to)) {
      if (this.ways.whole)
        step.source.report(step.at(way.path), 'never-returns', `"${baseName(to)}" never comes back`, {
          warning: true,
          suggestion: `lead there by next: ${way.to}, or let it return`,
        })
      return this.enter(to)
    }
    const within = [...(call?.within ?? []), step.name]
    const circle = within.slice(within.indexOf(step.name)).map(baseName)
    if (circle.length > 1) {
      this.whole = false
      step.source.report(step.at(way.path), 'calls-itself', `"${circle[0]}" calls itself: ${circle.join(' -> ')}`, {
        suggestion: 'lead back to it by next:, as to any step',
      })
      return hangUpEnd
    }
    const backTo = next === undefined ? hangUpEnd : this.enter(next, call)
    return this.enter(to, { from: name, backTo, within, order: this.calls++ })
  }

  private tooMany({ within }: Call): string {
    this.whole = false
    const { step } = this.written.get(within[0]!)!
    step.source.report(step.path, 'yaml-refused', `calls within calls make more than ${mostCopies} steps of this`, {
      key: true,
      suggestion: 'call less often, or lead there by next:',
    })
    return hangUpEnd
  }
}

/** The steps, as written, from which the call that they were entered by can come back. */
function comingBack(written: ReadStep[], map: WayMap): Set<string> {
  const byName = new Map(written.map((step) => [step.name, step]))
  const before = new Map<string, string[]>()
  for (const [name, ways] of map)
    for (const to of ways.values()) {
      if (!before.has(to)) before.set(to, [])
      before.get(to)!.push(name)
    }
  const found = new Set<string>([returnEnd])
  // Steps that call go on only when what they call comes back.
  const goesOn = (name: string): boolean => {
    const ways = map.get(name)!
    const call = byName.get(name)!.ways.find(({ back }) => back !== undefined)
    return !call || [call.what, call.back!].every((what) => found.has(ways.get(what) ?? ''))
  }
  const next = [returnEnd]
  for (let to = next.pop(); to !== undefined; to = next.pop())
    for (const name of before.get(to) ?? [])
      if (!found.has(name) && goesOn(name)) {
        found.add(name)
        next.push(name)
      }
  return found
}
