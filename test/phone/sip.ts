/** A SIP message (RFC 3261 §7): the headers in the order they came, names as written. */
interface Message {
  headers: [name: string, value: string][]
  body: string
}
export interface SipRequest extends Message {
  method: string
  uri: string
}
export interface SipResponse extends Message {
  status: number
  reason: string
}
export type SipMessage = SipRequest | SipResponse

/** Somebody's address, as in From and Contact: `"Anna" <sip:12@host>;tag=x`. */
export interface NameAddress {
  /** What to show; empty if none. */
  name: string
  uri: string
  /** The part of the URI before the `@`; empty if none. */
  user: string
  params: Record<string, string>
}

/** Short names of headers (RFC 3261 §7.3.3). */
const SHORT: Record<string, string> = {
  v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type', k: 'supported',
}

/** Reads a datagram; undefined if it is no SIP, such as an empty keep-alive. */
export function parseSip(text: string): SipMessage | undefined {
  const split = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = (split < 0 ? text : text.slice(0, split)).replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers: [string, string][] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
  }
  const body = split < 0 ? '' : text.slice(split + 4)
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(first)
  if (response !== null) return { status: Number(response[1]), reason: response[2] ?? '', headers, body }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first)
  if (request !== null) return { method: request[1]!, uri: request[2]!, headers, body }
  return undefined
}

/** Writes a message, with the length of its body. */
export function writeSip(message: SipMessage): string {
  const first = 'method' in message ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`
  const headers = message.headers.filter(([name]) => name.toLowerCase() !== 'content-length').map(([name, value]) => `${name}: ${value}`)
  return [first, ...headers, `Content-Length: ${Buffer.byteLength(message.body)}`, '', message.body].join('\r\n')
}

/** The first header of that name; names are compared without case, short names included. */
export function header(message: SipMessage, name: string): string | undefined {
  return headerAll(message, name)[0]
}

/** All headers of that name. */
export function headerAll(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase()
  return message.headers.filter(([each]) => (SHORT[each.toLowerCase()] ?? each.toLowerCase()) === wanted).map(([, value]) => value)
}

/** Reads the value of From, To, Contact or P-Asserted-Identity. */
export function parseNameAddress(value: string): NameAddress {
  const bracketed = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>(.*)$/.exec(value)
  const [bare = '', ...rest] = value.trim().split(';')
  const uri = bracketed?.[3] ?? bare
  const after = bracketed === null ? rest : (bracketed[4] ?? '').split(';')
  const params = Object.fromEntries(after.map((param) => param.trim()).filter(Boolean).map((param) => {
    const [name = '', text = ''] = param.split('=')
    return [name.toLowerCase(), text]
  }))
  const name = (bracketed?.[1] ?? '').replace(/\\(.)/g, '$1') || (bracketed?.[2] ?? '')
  const user = /^sips?:([^@;]*)@/.exec(uri)?.[1] ?? ''
  return { name, uri, user: decodeURIComponent(user), params }
}

/** Writes an address for From, To or Contact. */
export function writeNameAddress({ name, uri, params }: Omit<NameAddress, 'user'>): string {
  const shown = name === '' ? '' : `"${name.replace(/["\\]/g, '\\$&')}" `
  return `${shown}<${uri}>${Object.entries(params).map(([key, value]) => value === '' ? `;${key}` : `;${key}=${value}`).join('')}`
}
