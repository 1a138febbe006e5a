import { readFileSync } from 'node:fs'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isIP } from 'node:net'
import { refusal, type Allowed } from './address.ts'
import { failure, type Failed } from './answered.ts'
import { isConfidential } from './confidential.ts'
import { longestUrl } from './encode.ts'

/** A request that a flow makes. */
export type BackendOrder = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** http or https, without user and password. At most 8,000 characters. */
  url: string
  headers?: Record<string, string>
  /** The body; none when undefined, and never with GET. At most 1 MB when written as JSON. */
  json?: unknown
  /** In the place of `json`: bytes as they are, with their media type. At most 64 MB. */
  body?: { type: string; bytes: Buffer }
  /** For the whole exchange, waiting for a place included. Milliseconds; 1 ms to 60 s. */
  timeout: number
  /**
   * The same for every try of the same effect. Sent as `Idempotency-Key`, a quoted string. Source:
   * draft-ietf-httpapi-idempotency-key-header, RFC 8941 §3.3.3. Printable ASCII, at most 255 characters.
   */
  idempotencyKey?: string
  /** It holds a secret: not sent where somebody on the way could read it. */
  confidential?: boolean
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal
}

/** An order that can be sent. */
export type Wire = {
  method: BackendOrder['method']
  /** Scheme, host and port: all that may be told of an address. */
  origin: string
  secure: boolean
  /** Without the brackets of IPv6. */
  host: string
  port: number
  path: string
  headers: Record<string, string | number>
  body: Buffer | undefined
  timeout: number
  /** Whether it may be sent again when a connection turns out to be gone. Source: RFC 9110 §9.2.2. */
  again: boolean
  signal: AbortSignal | undefined
}

/** The largest body that is sent, in bytes. */
export const largestBody = 1_048_576
/** The same for bytes as they are: the sound of an hour. */
const largestBytes = 67_108_864
/** The longest that a request may take, in milliseconds. */
export const longestTimeout = 60_000

const about = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
const { version } = JSON.parse(about) as { version: string }

/** Headers that say how a message is sent, or to whom: not the author's. */
const ours = new Set([
  'host', 'content-length', 'content-encoding', 'transfer-encoding', 'accept-encoding', 'connection', 'keep-alive',
  'te', 'trailer', 'upgrade', 'expect', 'idempotency-key', 'proxy-authorization', 'proxy-connection',
])

/** Checks an order, its address too when that is written as numbers. Never throws. */
export function wireOf(order: BackendOrder, allowed: readonly Allowed[]): Wire | Failed {
  const url = addressOf(order.url)
  if (typeof url === 'string') return failure('bad-address', url)
  const origin = url.origin
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const refused = isIP(host) === 0 ? undefined : refusal(host, { host, port }, allowed)
  if (refused !== undefined) return failure('refused-address', `${origin}: ${refused}`)
  if (order.confidential && !isConfidential(order.url))
    return failure('refused-address', `${origin}: a secret is only sent encrypted; let the address begin with https://`)
  const body = bodyOf(order)
  if (typeof body === 'string') return failure('bad-order', `${origin}: ${body}`)
  const headers = headersOf(order, body)
  if (typeof headers === 'string') return failure('bad-order', `${origin}: ${headers}`)
  const timeout = order.timeout >= 1 ? Math.min(longestTimeout, order.timeout) : 1
  const again = ['GET', 'PUT', 'DELETE'].includes(order.method) || order.idempotencyKey !== undefined
  const path = url.pathname + url.search
  return { method: order.method, origin, secure, host, port, path, headers, body, timeout, again, signal: order.signal }
}

function addressOf(text: string): URL | string {
  // The URL parser drops tabs and line ends and takes \ for /: what was checked would not be what is asked.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return 'the address holds a blank, a control character or a backslash'
  if (text.length > longestUrl) return `the address is longer than ${longestUrl} characters`
  if (!/^https?:\/\/[^/?#]/i.test(text)) return 'the address is not http:// or https:// with a host'
  try {
    const url = new URL(text)
    if (url.username === '' && url.password === '') return url
    return 'the address holds a user or a password: send a header instead'
  } catch {
    return 'the address cannot be read'
  }
}

function bodyOf({ method, json, body: given }: BackendOrder): Buffer | string | undefined {
  if (json === undefined && given === undefined) return undefined
  if (method === 'GET') return 'GET has no body'
  if (given) return given.bytes.length > largestBytes ? `the body is larger than ${largestBytes / 2 ** 20} MB` : given.bytes
  try {
    const text = JSON.stringify(json) as string | undefined
    if (text === undefined) return 'the body cannot be written as JSON'
    const body = Buffer.from(text)
    return body.length > largestBody ? `the body is larger than ${largestBody / 1024} KB` : body
  } catch {
    return 'the body cannot be written as JSON'
  }
}

function headersOf(order: BackendOrder, body: Buffer | undefined): Wire['headers'] | string {
  const headers: Wire['headers'] = {
    'accept': 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `callwright/${version}`,
    ...(body && { 'content-type': order.body?.type ?? 'application/json' }),
  }
  for (const [given, value] of Object.entries(order.headers ?? {})) {
    const name = given.toLowerCase()
    if (!isSendable(name, value)) return 'a header cannot be sent: its name or value holds what it must not'
    if (ours.has(name)) return `the header ${name} cannot be set`
    headers[name] = value
  }
  const key = order.idempotencyKey
  if (key !== undefined) {
    if (!/^[\x20-\x7e]{1,255}$/.test(key)) return 'the idempotency key is not 1 to 255 printable ASCII characters'
    headers['idempotency-key'] = `"${key.replaceAll(/["\\]/g, '\\$&')}"`
  }
  if (body) headers['content-length'] = body.length
  else if (order.method !== 'GET' && order.method !== 'DELETE') headers['content-length'] = 0
  return headers
}

function isSendable(name: string, value: unknown): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value as string)
    return typeof value === 'string' && name !== '__proto__'
  } catch {
    return false
  }
}
