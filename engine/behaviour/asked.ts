import { addressOf, baseOf, bodyOf } from '../backends/encode.ts'
import type { Asked } from '../call/effects.ts'
import type { Flow } from '../language/flow.ts'
import { piecesOf } from '../language/speech.ts'
import type { Say } from './say.ts'
import { scopeOf } from './seen.ts'

/** The address, headers and body of a request, with the values of this moment; refused when they cannot be made. */
export function ask(say: Say, backend: Flow['backends'][string], rest: string, json: unknown): Pick<Asked, 'url' | 'headers' | 'json' | 'confidential'> | { refused: string } {
  let confidential = false
  const value = (cel: string): unknown => {
    confidential ||= [...say.flow.expressions.names(cel)].some((name) => say.flow.secrets.has(name))
    return valueNow(say, cel)
  }
  const base = baseOf(piecesOf(backend.url), value)
  if (typeof base !== 'string') return base
  const url = addressOf(base, piecesOf(rest), value)
  if (typeof url !== 'string') return url
  const body = json === undefined ? undefined : bodyOf(json, value)
  if (body && 'refused' in body) return body
  const headers = Object.fromEntries(Object.entries(backend.headers).map(([name, text]) => [name, say.text(text)]))
  return { url, headers, ...body, ...(confidential ? { confidential } : {}) }
}

/** A value for an address or a body: one that cannot be computed makes the request fail. */
const valueNow = (say: Say, cel: string): unknown => say.flow.expressions.evaluate(cel, scopeOf(say.flow, say.seen))
