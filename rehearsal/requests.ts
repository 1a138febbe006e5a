import { didYouMean } from '../engine/did-you-mean.ts'
import { parseTemplate } from '../engine/expressions/template.ts'
import type { Flow } from '../engine/language/flow.ts'
import { requestInWords, requestOf, type Request } from './stubs.ts'

/** What a step asks of a backend; what is put into the path may be anything. */
type Asking = { method: string; path: RegExp; words: string }

/** What is wrong with a request in a test, and what to write instead. */
export type WrongRequest = {
  code: 'unknown-backend' | 'bad-value'
  detail: string
  suggestion: string | undefined
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** What the steps of a flow ask of its backends. */
export class Requests {
  private readonly backends: string[]
  private readonly asking: Asking[]

  constructor(flow: Flow) {
    this.backends = Object.keys(flow.backends)
    this.asking = [...flow.steps.values()].flatMap(({ kind, fields }) =>
      kind.kind === 'request' ? askingOf(fields as Record<string, unknown>) : [],
    )
  }

  /** Why no step can make this request; undefined when one can. */
  wrong(request: Request): WrongRequest | undefined {
    const [name = ''] = request.path.split('/')
    if (!this.backends.includes(name)) {
      const suggestion = didYouMean(name, this.backends, this.backends.length === 0 ? 'leave it out' : undefined)
      return { code: 'unknown-backend', detail: `the hotline has no backend "${name}"`, suggestion }
    }
    const there = this.asking.filter(({ path }) => path.test(request.path))
    if (there.some(({ method }) => request.method === undefined || request.method === method)) return undefined
    const other = there[0]
    const paths = this.asking.map(({ words }) => words)
    return {
      code: 'bad-value',
      detail: `no step asks for ${requestInWords({ ...request, query: undefined })}`,
      suggestion: other
        ? `write ${other.method.toLowerCase()} ${request.path}`
        : didYouMean(request.path, paths, paths.length === 0 ? 'leave it out' : undefined),
    }
  }
}

function askingOf(fields: Record<string, unknown>): Asking[] {
  const method = methods.find((one) => typeof fields[one] === 'string')
  if (method === undefined) return []
  let pattern = ''
  let words = ''
  for (const piece of parseTemplate(fields[method] as string).pieces) {
    const [path = '', query] = 'words' in piece ? piece.words.split('?') : []
    pattern += 'words' in piece ? path.replaceAll(/[.*+^${}()|[\]\\]/g, '\\$&') : '.+'
    words += 'words' in piece ? path : `{{ ${piece.value} }}`
    if (query !== undefined) break
  }
  const path = new RegExp(`^${pattern.replace(/\/$/, '')}$`, 's')
  return [{ method: method.toUpperCase(), path, words: requestOf(words)?.path ?? words }]
}
