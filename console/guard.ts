import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import type { Clock } from '../engine/ports.ts'
import { Refusal } from './refusal.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Tells the browser to run nothing but our own files, to guess no types, and to let nobody frame or read us. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  })
  next()
}

/**
 * Only names that are ours. A foreign page whose name is made to point here (DNS rebinding) would be of one origin
 * with us in the browser's eyes; its name in `Host` gives it away.
 */
export function knownHost(more: string[]): RequestHandler {
  const known = new Set(['localhost', '127.0.0.1', '[::1]', ...more.map((name) => name.toLowerCase())])
  return (request, _response, next) => {
    const name = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
    if (!known.has(name))
      throw new Refusal(403, 'unknown-host', 'Callwright does not go by this name.', 'Open it under localhost.')
    next()
  }
}

/**
 * Requests come from our own page, from the address bar, or from a program that is no browser and names no origin.
 * From elsewhere one may come here by a link, no more.
 */
export const ownOrigin: RequestHandler = (request, _response, next) => {
  const { origin, host, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = request.headers
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase())
  const elsewhere = site !== 'same-origin' && site !== 'none'
  if ((foreign && !reads) || (elsewhere && !(reads && mode === 'navigate')))
    throw new Refusal(403, 'foreign-origin', 'This request comes from another page.', 'Use Callwright’s own page.')
  next()
}

/** At most so many requests a second from one address; a phone in use needs fewer than ten. */
export function notTooOften(clock: Clock, perSecond: number): RequestHandler {
  const seen = new Map<string, number>()
  let since = 0
  return (request, _response, next) => {
    if (clock.steady() - since >= 1000) {
      seen.clear()
      since = clock.steady()
    }
    const address = request.socket.remoteAddress ?? ''
    const count = (seen.get(address) ?? 0) + 1
    seen.set(address, count)
    if (count > perSecond)
      throw new Refusal(429, 'too-often', 'Too many requests at once.', 'Wait a second, then try again.')
    next()
  }
}

const COOKIE = 'callwright'

/** Lets through who knows the token: in `Authorization: Bearer`, or in the cookie that `open` gives for it. */
export function tokenGate(token: string): { open: RequestHandler; pass: RequestHandler } {
  // The cookie holds a hash, so that what other servers on this machine get to see of it is not the token.
  const pass = hash(`callwright console ${token}`).toString('hex')
  const refusal = () =>
    new Refusal(401, 'token-needed', 'The token is missing or wrong.', 'Take it from where Callwright was started.')
  return {
    open(request, response) {
      if (!same(String(request.body?.token ?? ''), token)) throw refusal()
      response.cookie(COOKIE, pass, { httpOnly: true, sameSite: 'strict', path: '/' }).status(204).end()
    },
    pass(request, _response, next) {
      const given = bearer(request)
      if (given === undefined ? !same(cookie(request), pass) : !same(given, token)) throw refusal()
      next()
    },
  }
}

/** The token that a program sends; undefined when there is none. */
export const bearer = (request: Request): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]

function cookie(request: Request): string {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([0-9a-f]{64})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
}

/** Compares hashes, so that the time taken says nothing about where the two differ. */
export function same(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other))
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
