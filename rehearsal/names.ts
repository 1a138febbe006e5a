import { ownOutcomes } from '../engine/call/outcomes.ts'
import type { Flow } from '../engine/language/flow.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import { Requests, type WrongRequest } from './requests.ts'
import type { Request } from './stubs.ts'

/** What a flow has names for, so that a name that it cannot give is a mistake of the test. Without a flow all fit. */
export class Names {
  private readonly known: { queues: string[]; outcomes: string[]; told: string[] } | undefined
  private readonly requests: Requests | undefined

  constructor(flow: Flow | undefined) {
    if (!flow) return
    const steps = [...flow.steps.values()]
    this.known = {
      queues: Object.keys(flow.queues),
      outcomes: [...new Set([...steps.flatMap(outcomesOf), ...ownOutcomes])],
      // `note` is what steps of that kind have noted.
      told: [...new Set([...steps.flatMap(({ parts }) => (parts.told ?? []).map(({ name }) => name)), 'note'])],
    }
    this.requests = new Requests(flow)
  }

  /** What is wrong with a request that no step of the flow makes. */
  wrongRequest(request: Request): WrongRequest | undefined {
    return this.requests?.wrong(request)
  }

  /** What to write instead of a name that cannot be; undefined when it can. */
  instead(of: 'queues' | 'outcomes' | 'told', name: string): string | undefined {
    const names = this.known?.[of]
    return names === undefined || names.includes(name)
      ? undefined
      : didYouMean(name, names, names.length === 0 ? 'leave it out' : undefined)
  }
}

/** The outcomes a step notes. A step of any kind may have one: it is the field of that name. */
function outcomesOf({ fields }: { fields: unknown }): string[] {
  const outcome = typeof fields === 'object' && fields !== null ? (fields as { outcome?: unknown }).outcome : undefined
  return typeof outcome === 'string' ? [outcome] : []
}
