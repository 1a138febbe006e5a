import type { IncomingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { failure, type Answered, type Failed } from './answered.ts'

/** Levels of lists and mappings that an answer may have. */
export const deepest = 32

/** The head of an answer, and what is to be known to judge it. */
export type Head = { origin: string; method: string; status: number; headers: IncomingHttpHeaders; largest: number }

/** What is wrong with an answer by its head alone; undefined when its body is to be read. */
export function refusedByHead({ origin, status, headers, largest }: Head): Failed | undefined {
  if ([301, 302, 303, 307, 308].includes(status))
    return failure('redirected', `${origin}: answered ${status}, and redirects are not followed`, status)
  if (status < 200 || status > 299) return failure('status', `${origin}: answered ${status}`, status)
  return Number(headers['content-length']) > largest ? tooLarge(origin, largest, status) : undefined
}

export const tooLarge = (origin: string, largest: number, status: number): Failed =>
  failure('too-large', `${origin}: its answer is larger than ${Math.floor(largest / 1024)} KB`, status)

/**
 * The data in a body that has been read to its end. Nothing at all is null, but for GET, which asked for something.
 * UTF-8 unless `Content-Type` says otherwise; a byte order mark is passed over.
 */
export function readAnswer(head: Head, body: Buffer): Answered {
  const { origin, method, status, headers, largest } = head
  const notJson = (words: string): Failed => failure('not-json', `${origin}: ${words}`, status)
  const bytes = unpacked(headers['content-encoding'], body, largest)
  if (bytes === 'too-large') return tooLarge(origin, largest, status)
  if (bytes === undefined) return notJson('its answer is compressed in a way that was not asked for, or broken')
  const mayBeEmpty = method !== 'GET' || status === 204 || status === 205
  if (bytes.length === 0 && mayBeEmpty) return { how: 'ok', status, data: null }
  if (bytes.length === 0) return notJson('its answer is empty')
  const type = headers['content-type'] ?? ''
  const text = decoded(bytes, /;\s*charset="?([\w.:-]{1,40})"?/i.exec(type)?.[1] ?? 'utf-8')
  if (text === undefined) return notJson('its answer is not in the character set that it should be in')
  if (depthOf(text) > deepest) return notJson(`its answer is deeper than ${deepest} levels`)
  try {
    const data: unknown = JSON.parse(text)
    return isPlain(data) ? { how: 'ok', status, data } : notJson('its answer holds a number that is too large')
  } catch {
    const [media] = /^[\w.+-]{1,40}\/[\w.+-]{1,60}/.exec(type) ?? []
    return notJson(`its answer is not JSON${media === undefined || media.includes('json') ? '' : ` but ${media}`}`)
  }
}

/** Only gzip is undone, up to `largest` bytes: nothing compressed was asked for, but some send it all the same. */
function unpacked(encoding: string | undefined, body: Buffer, largest: number): Buffer | 'too-large' | undefined {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return body
  if ((name !== 'gzip' && name !== 'x-gzip') || body.length === 0) return body.length === 0 ? body : undefined
  try {
    return gunzipSync(body, { maxOutputLength: largest })
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined
  }
}

function decoded(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** How deep the brackets of a JSON text go, told before anything is built from it. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === quote) i = endOfText(text, i)
    else if (c === openList || c === openMapping) most = Math.max(most, ++depth)
    else if (c === closeList || c === closeMapping) depth--
  }
  return most
}

const [quote, backslash, openList, closeList, openMapping, closeMapping] = [...'"\\[]{}'].map((c) => c.charCodeAt(0))

function endOfText(text: string, from: number): number {
  let i = from + 1
  while (i < text.length && text.charCodeAt(i) !== quote) i += text.charCodeAt(i) === backslash ? 2 : 1
  return i
}

/** Takes `__proto__` out of every mapping; false when a number is beyond what can be reckoned with (`1e999`). */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  if (Object.hasOwn(value, '__proto__')) delete (value as Record<string, unknown>)['__proto__']
  return Object.values(value).every(isPlain)
}
