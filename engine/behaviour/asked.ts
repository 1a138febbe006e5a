import { addressOf, settingsIn, baseOf, bodyOf } from '../backends/encode.ts'
import type { Asked } from '../call/effects.ts'
import type { Flow } from '../language/flow.ts'
import { piecesOf } from '../language/speech.ts'
import type { Say } from './say.ts'
import { scopeOf } from './seen.ts'

/** The address, headers and body of a request, with the values of this moment; refused when they cannot be made. */
export function ask(say: Say, backend: Flow['backends'][string], rest: string, json: unknown): Pick<Asked, 'url' | 'headers' | 'json' | 'confidential'> | { refused: string } {
  let confidential = false
  const value = (cel: string): unknown => {
    const names = [...say.flow.expressions.names(cel)]
    confidential ||= names.some((name) => say.flow.secrets.has(name))
    // What a restart has lost is not sent as nothing: the request fails, and the call goes on by that way.
    const lost = names.find((name) => say.seen.context.lost.includes(name))
    if (lost !== undefined) throw new Error(`"${lost}" is secret, and was lost in a restart`)
    return valueNow(say, cel)
  }
  const base = baseOf(piecesOf(backend.url), value)
  if (typeof base !== 'string') return base
  const url = addressOf(base, piecesOf(rest), value)
  if (typeof url !== 'string') return url
  const body = json === undefined ? undefined : bodyOf(json, value)
  if (body && 'refused' in body) return body
  const unset = Object.values(backend.headers).flatMap(settingsIn).find((name) => !say.flow.env[name])
  if (unset !== undefined) return { refused: `${unset}, which a header is made of, is not set` }
  const headers = Object.fromEntries(Object.entries(backend.headers).map(([name, text]) => [name, say.text(text)]))
  return { url, headers, ...body, ...(confidential ? { confidential } : {}) }
}

/** A value for an address or a body: one that cannot be computed makes the request fail. */
const valueNow = (say: Say, cel: string): unknown => say.flow.expressions.evaluate(cel, scopeOf(say.flow, say.seen))
