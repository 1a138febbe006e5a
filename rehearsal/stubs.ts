import { isDeepStrictEqual } from 'node:util'
import type { Asked, Method } from '../engine/call/effects.ts'
import type { Place } from '../engine/errors.ts'
import type { BackendAnswer, BackendPort, Clock } from '../engine/ports.ts'
import { writtenTime } from './conversation.ts'
import { askedOf } from './unplugged.ts'

/** What is asked of a backend, as it is written in a test: `clinic/slots`, `get clinic/slots?postcode=2600`. */
export type Request = {
  /** Any, when it is left out. */
  method?: Method | undefined
  /** The backend's name and what stands behind it, not encoded: `clinic/slots`. */
  path: string
  /** Any, when it is left out. */
  query?: string | undefined
}

/** What a backend answers, `after` milliseconds. `failed`: nothing comes, as from a server that is down. */
export type Answer = { after: number } & ({ status: number; json: unknown } | { status: 'failed' })

/** The answers to a request, one after the other; the last again and again. */
export type Stub = { request: Request; answers: readonly Answer[]; place(): Place }

/** A request that a flow has made; `shown`: what was sent as it may be shown, without secrets. */
export type Made = { request: Request; json: unknown; shown: unknown }

const written = /^(?:(get|post|put|patch|delete) +)?([a-z][a-z0-9-]*(?:\/[^?]*)?)(?:\?(.*))?$/i

/** Reads `post clinic/bookings`; undefined when it is nothing of the sort. */
export function requestOf(text: string): Request | undefined {
  const [, method, path, query] = written.exec(text.trim()) ?? []
  if (path === undefined) return undefined
  return { path: decoded(path).replace(/\/$/, ''), method: method?.toUpperCase() as Method | undefined, query }
}

/** A request as it is written. */
export const requestInWords = ({ method, path, query }: Request): string =>
  `${method === undefined ? '' : `${method.toLowerCase()} `}${path}${query === undefined ? '' : `?${query}`}`

/** Whether a request that was made is the one that is written. */
export const fits = (written: Request, { method, path, query }: Request): boolean =>
  written.path === path &&
  (written.method === undefined || written.method === method) &&
  (written.query === undefined || isDeepStrictEqual(fieldsOf(written.query), fieldsOf(query ?? '')))

/** The fields of a query, whatever their order. */
const fieldsOf = (query: string): string[] => [...new URLSearchParams(query)].map((field) => field.join('=')).sort()

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Whether all that is written in a test is so; what is not written there may be anything. */
export function holds(found: unknown, written: unknown): boolean {
  if (typeof written !== 'object' || written === null || typeof found !== 'object' || found === null)
    return isDeepStrictEqual(found, written)
  if (Array.isArray(written) || Array.isArray(found))
    return (
      Array.isArray(written) &&
      Array.isArray(found) &&
      written.length === found.length &&
      written.every((one, i) => holds(found[i], one))
    )
  return Object.entries(written).every(
    ([name, one]) => Object.hasOwn(found, name) && holds((found as Record<string, unknown>)[name], one),
  )
}

/** What happens to requests, for the transcript. */
export type Told = (who: 'line' | 'backend', words: string) => void

type Around = {
  clock: Clock
  told?: Told
  /** An answer has come, and what it does to the call has not happened yet. */
  answered?: () => void
  /** What is sent by the step that the call is in, as it may be shown. Default: as it is. */
  shown?: (json: unknown) => unknown
}

/** Backends that answer what a test says they do, in virtual time. What it does not say fails. */
export class StubbedBackends implements BackendPort {
  /** Requests for which the test has no answer. */
  readonly unknown = new Set<string>()
  /** Requests under way. */
  waiting = 0
  /** Requests that were made and that no line of the test has been about yet. */
  private readonly made: Made[] = []
  private readonly stubs: readonly Stub[]
  private readonly given = new Map<Stub, number>()
  private readonly around: Required<Around>

  constructor(stubs: readonly Stub[], around: Around) {
    // One with a method goes before one for every method.
    const isForAll = ({ request }: Stub): number => (request.method === undefined ? 1 : 0)
    this.stubs = stubs.toSorted((a, b) => isForAll(a) - isForAll(b))
    this.around = { told: () => {}, answered: () => {}, shown: (json) => json, ...around }
  }

  /** What was never asked for. */
  get unused(): Stub[] {
    return this.stubs.filter((stub) => !this.given.has(stub))
  }

  async request({ method, url, json, timeout, signal }: Asked & { signal: AbortSignal }): Promise<BackendAnswer> {
    const request = { ...requestOf(askedOf(url))!, method }
    const shown = this.around.shown(json)
    this.made.push({ request, json, shown })
    this.around.told('line', `asks ${requestInWords(request)}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}`)
    const answer = this.next(request)
    const after = Math.min(answer?.after ?? 0, timeout)
    if (after > 0) await this.pass(after, signal)
    else this.around.answered()
    if (signal.aborted) return { how: 'failed', words: 'the caller has hung up' }
    if (!answer) return { how: 'failed', words: noAnswer(this.nameOf(request)) }
    if (answer.after >= timeout) return { how: 'failed', words: `no answer within ${writtenTime(timeout)}` }
    if (answer.status === 'failed') return { how: 'failed', words: 'it could not be reached' }
    if (answer.status < 200 || answer.status > 299) return { how: 'failed', words: `it answered ${answer.status}` }
    this.around.told('backend', `answers ${JSON.stringify(answer.json)}`)
    return { how: 'ok', data: answer.json }
  }

  private next(request: Request): Answer | undefined {
    const stub = this.stubs.find((one) => fits(one.request, request))
    if (!stub) return void this.unknown.add(this.nameOf(request))
    const n = this.given.get(stub) ?? 0
    this.given.set(stub, n + 1)
    return stub.answers[Math.min(n, stub.answers.length - 1)]
  }

  /** A request as it is written under `backends:`; with its method when other methods have answers. */
  private nameOf({ path, method }: Request): string {
    return requestInWords(this.stubs.some((one) => one.request.path === path) ? { path, method } : { path })
  }

  /** Ticks off a request that a line of the test is about; when it was not made, tells of one like it. */
  take(request: Request, json: unknown): 'taken' | { other: string | undefined } {
    const found = this.find(request, json)
    if (found >= 0) {
      this.made.splice(found, 1)
      return 'taken'
    }
    const alike = [request, { ...request, query: undefined }].flatMap((one) =>
      this.made.filter((made) => fits(one, made.request)),
    )
    return { other: alike[0] && madeInWords(alike[0].request, alike[0].shown) }
  }

  /** Where among the requests made one stands; -1 when it has not been made. */
  find(request: Request, json: unknown): number {
    return this.made.findIndex((one) => fits(request, one.request) && (json === undefined || holds(one.json, json)))
  }

  private async pass(ms: number, signal: AbortSignal): Promise<void> {
    this.waiting++
    await new Promise<void>((resolve) => {
      const cancel = this.around.clock.after(ms, () => {
        this.around.answered()
        resolve()
      })
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
    this.waiting--
  }
}

/** A request and what is sent with it. */
export const madeInWords = (request: Request, json: unknown): string =>
  `${requestInWords(request)}${json === undefined ? '' : ` with ${JSON.stringify(json)}`}`

/** What is said of a request for which a test has no answer. */
export const noAnswer = (request: string): string => `the test has no answer for ${request}; add it under backends:`
