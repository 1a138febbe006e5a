import { isIP, isIPv6 } from 'node:net'

/** A stretch of addresses that are not the public internet. */
export type Special = {
  /** What it is, with its source, for the admin: `a private address (RFC 1918)`. */
  what: string
  /** Opened by the admin naming a host that has such an address. The others must be named by their address. */
  home?: boolean
  /** Opened only by naming this very address, never by a range around it. */
  exact?: boolean
}

/** What an admin has named: a range of addresses, at one port or at all, or a host by its name. */
export type Allowed = { bytes: number[]; bits: number; port?: number } | { host: string; port: number }

/** Where a request is going, as written in its URL. */
export type Target = { host: string; port: number }

type Range = [prefix: string, special: Special]

/**
 * Services that give away a machine's credentials to whoever asks from that machine. Azure's is a public address; the
 * others lie in ranges below, and would be opened with the range.
 */
const metadata: Range[] = [
  '169.254.169.254/32', '169.254.170.2/32', '100.100.100.200/32', '192.0.0.192/32', '168.63.129.16/32',
  'fd00:ec2::254/128', 'fd20:ce::254/128',
].map((prefix): Range => [prefix, { what: 'a metadata service of a cloud', exact: true }])

/** Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890, RFC 8190). Those reachable globally are left out. */
const ipv4: Range[] = [
  ['0.0.0.0/8', { what: 'an address of "this network" (RFC 791)' }],
  ['10.0.0.0/8', { what: 'a private address (RFC 1918)', home: true }],
  ['100.64.0.0/10', { what: 'a provider\'s shared address (RFC 6598)', home: true }],
  ['127.0.0.0/8', { what: 'a loopback address (RFC 1122)', home: true }],
  ['169.254.0.0/16', { what: 'a link-local address (RFC 3927)' }],
  ['172.16.0.0/12', { what: 'a private address (RFC 1918)', home: true }],
  ['192.0.0.0/24', { what: 'an address for protocols (RFC 6890)' }],
  ['192.0.2.0/24', { what: 'an address for documentation (RFC 5737)' }],
  ['192.88.99.0/24', { what: 'a 6to4 relay address (RFC 7526)' }],
  ['192.168.0.0/16', { what: 'a private address (RFC 1918)', home: true }],
  ['198.18.0.0/15', { what: 'an address for measurements (RFC 2544)' }],
  ['198.51.100.0/24', { what: 'an address for documentation (RFC 5737)' }],
  ['203.0.113.0/24', { what: 'an address for documentation (RFC 5737)' }],
  ['224.0.0.0/4', { what: 'a multicast address (RFC 5771)' }],
  ['240.0.0.0/4', { what: 'a reserved address (RFC 1112)' }],
]

/**
 * Source: IANA IPv6 Special-Purpose Address Registry (RFC 6890, RFC 8190) and RFC 4291. Only 2000::/3 is given out for
 * the internet, so that all beyond it is special, with a name or without.
 */
const ipv6: Range[] = [
  ['::/128', { what: 'the unspecified address (RFC 4291)' }],
  ['::1/128', { what: 'the loopback address (RFC 4291)', home: true }],
  ['::/96', { what: 'an IPv4-compatible address (RFC 4291)' }],
  ['64:ff9b:1::/48', { what: 'an address for local translation (RFC 8215)' }],
  ['100::/64', { what: 'a discard-only address (RFC 6666)' }],
  ['2001::/32', { what: 'a Teredo address (RFC 4380)' }],
  ['2001::/23', { what: 'an address for protocols (RFC 2928)' }],
  ['2001:db8::/32', { what: 'an address for documentation (RFC 3849)' }],
  ['2002::/16', { what: 'a 6to4 address (RFC 3056)' }],
  ['3fff::/20', { what: 'an address for documentation (RFC 9637)' }],
  ['fc00::/7', { what: 'a unique-local address (RFC 4193)', home: true }],
  ['fe80::/10', { what: 'a link-local address (RFC 4291)' }],
  ['fec0::/10', { what: 'a site-local address (RFC 3879)' }],
  ['ff00::/8', { what: 'a multicast address (RFC 4291)' }],
]

const ranges = [...metadata, ...ipv4, ...ipv6].map(([prefix, special]) => {
  const [address = '', bits] = prefix.split('/')
  return { bytes: bytesOf(address)!, bits: Number(bits), special }
})
/** The addresses given out for the internet (RFC 4291 §2.4), and those that stand for an IPv4 one (RFC 6052 §2.1). */
const global6 = bytesOf('2000::')!
const translated = bytesOf('64:ff9b::')!

/** What is special about an address; undefined when it is on the public internet. What is no address is special too. */
export function specialOf(address: string): Special | undefined {
  const bytes = bytesOf(address)
  return bytes ? special(bytes) : { what: 'no address' }
}

function special(bytes: number[]): Special | undefined {
  const known = ranges.find((range) => within(bytes, range.bytes, range.bits))
  if (known) return known.special
  if (within(bytes, translated, 96)) return special(bytes.slice(12))
  return bytes.length === 16 && !within(bytes, global6, 3) ? { what: 'a reserved address (RFC 4291)' } : undefined
}

/** Why a connection to this address is refused, in words for the admin; undefined when it is not. */
export function refusal(address: string, target: Target, allowed: readonly Allowed[]): string | undefined {
  const bytes = bytesOf(address)
  if (!bytes) return 'the name does not lead to an address'
  const found = special(bytes)
  if (!found) return undefined
  const host = nameOf(target.host)
  const opens = (one: Allowed): boolean => {
    if (one.port !== undefined && one.port !== target.port) return false
    if ('host' in one) return found.home === true && one.host === host
    return within(bytes, one.bytes, one.bits) && (!found.exact || one.bits === bytes.length * 8)
  }
  return allowed.some(opens) ? undefined : `${address} is ${found.what}; the admin has not named it`
}

/**
 * What an admin names: `10.0.0.5`, `10.1.0.0/16`, `fd00::/8`, `127.0.0.1:8080`, `[::1]:8080`, `clinic.internal:8443`.
 * A mistake says what to write instead.
 */
export function allowedOf(entries: readonly string[]): { allowed: Allowed[]; mistakes: string[] } {
  const read = entries.map((entry) => allowedOne(entry.trim()))
  return {
    allowed: read.filter((one) => typeof one !== 'string'),
    mistakes: read.flatMap((one, i) => (typeof one === 'string' ? [`"${entries[i]}" ${one}`] : [])),
  }
}

/** A name of a host, RFC 1123 §2.1; underscores occur inside. */
const hostName = /^[a-z\d_]([a-z\d_-]*[a-z\d_])?(\.[a-z\d_]([a-z\d_-]*[a-z\d_])?)*\.?$/i

function allowedOne(entry: string): Allowed | string {
  if (entry === '') return 'is empty: write an address, a range or host:port'
  if (/^[a-z][a-z+.-]*:\/\//i.test(entry)) return 'is a URL: write only its host and port, clinic.internal:8443'
  if (entry.includes('%')) return 'has a zone: write the address without it'
  const [, address = '', bits] = /^([\da-f.:]+)\/(\d+)$/i.exec(entry) ?? []
  if (bits !== undefined) return rangeOne(address, Number(bits))
  if (entry.includes('/')) return 'is no range: write for instance 10.1.0.0/16'
  const bytes = bytesOf(entry)
  if (bytes) return { bytes, bits: bytes.length * 8 }
  const [, bracketed, plain = '', digits] = /^(?:\[([\da-f.:]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(entry) ?? []
  const host = bracketed ?? plain
  if (host === '') return 'is no address, range or host:port'
  const port = digits === undefined ? undefined : Number(digits)
  if (port === 0 || (port ?? 0) > 65_535) return `has no such port: ${port}`
  const at = bytesOf(host)
  if (at) return port === undefined ? { bytes: at, bits: at.length * 8 } : { bytes: at, bits: at.length * 8, port }
  if (bracketed !== undefined || /^[\d.]+$/.test(host)) return 'is no address'
  if (host.length > 253 || !hostName.test(host)) return 'is no name of a host'
  return port === undefined ? `is a host without a port: write ${host}:443` : { host: nameOf(host), port }
}

function rangeOne(address: string, bits: number): Allowed | string {
  const bytes = bytesOf(address)
  const isMapped = isIPv6(address) && bytes?.length === 4
  const length = isMapped ? bits - 96 : bits
  if (!bytes) return 'is no range: write for instance 10.1.0.0/16'
  if (length < 0 || length > bytes.length * 8) return `has no such length: /${bits}`
  const start = bytes.map((byte, i) => byte & maskOf(length, i))
  return start.every((byte, i) => byte === bytes[i]) ? { bytes, bits: length }
    : `is an address inside a range: write ${textOf(start)}/${length}, or the address alone`
}

/** The bytes of an address, 4 or 16; an IPv4 address written as an IPv6 one (`::ffff:10.0.0.1`) is an IPv4 address. */
function bytesOf(address: string): number[] | undefined {
  const bare = address.replace(/%.*$/s, '')
  if (isIP(bare) === 4) return bare.split('.').map(Number)
  if (isIP(bare) !== 6) return undefined
  const hex = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`)
  const [head = '', tail] = hex.split('::')
  const groups = (text: string): number[] =>
    text.split(':').filter((group) => group !== '').map((group) => Number.parseInt(group, 16))
  const before = groups(head)
  const after = groups(tail ?? '')
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  const bytes = all.flatMap((group) => [group >> 8, group & 255])
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return isMapped ? bytes.slice(12) : bytes
}

const maskOf = (bits: number, i: number): number => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - i * 8)))

const within = (bytes: number[], prefix: number[], bits: number): boolean =>
  bytes.length === prefix.length && prefix.every((byte, i) => ((byte ^ bytes[i]!) & maskOf(bits, i)) === 0)

function textOf(bytes: number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[i * 2]! * 256 + bytes[i * 2 + 1]!).toString(16))
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::')
}

/** A host as it is compared: in small letters, without the dot at its end. */
const nameOf = (host: string): string => host.toLowerCase().replace(/\.$/, '')
