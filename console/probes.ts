import express, { type Request, type RequestHandler } from 'express'
import { textType } from '../engine/health/series.ts'
import type { EngineState, Readiness } from '../engine/health/state.ts'
import { bearer, same } from './guard.ts'
import { Refusal } from './refusal.ts'

/** How the engine does, for those who look after it. */
export type Probed = {
  readiness(): Readiness
  state(): EngineState
  /** The text format of Prometheus. */
  metrics(): string
}

/**
 * For machines that only ask whether to restart us, or to send calls: yes or no, and nothing about any call. Open to
 * all who reach the port, under any name.
 */
export function openProbes(probed: Pick<Probed, 'readiness'>): express.Router {
  const routes = express.Router()
  routes.use(['/healthz', '/readyz'], noStore)
  // That this is answered at all says that the event loop turns.
  routes.get('/healthz', (_request, response) => void response.json({ alive: true }))
  routes.get('/readyz', (_request, response) => {
    const { ready, why, lacks, standsBy } = probed.readiness()
    const more = { ...(ready ? {} : { why }), ...(lacks ? { lacks } : {}), ...(standsBy ? { standsBy } : {}) }
    response.status(ready ? 200 : 503).json({ ready, ...more })
  })
  return routes
}

/**
 * For `callwright status` and Prometheus: programs on this machine, or whoever knows one of `tokens`. `ownHost`: what
 * keeps foreign pages out, which know no token but may make a browser on this machine ask.
 */
export function closedProbes(probed: Probed, tokens: readonly string[], ownHost: RequestHandler[]): express.Router {
  const routes = express.Router()
  const withToken: RequestHandler = (request, _response, next) => next(knows(request, tokens) ? undefined : 'route')
  const answers: Record<string, RequestHandler> = {
    '/metrics': (_request, response) => void response.type(textType).send(probed.metrics()),
    '/status': (_request, response) => void response.json(probed.state()),
  }
  for (const [path, answer] of Object.entries(answers)) {
    routes.get(path, noStore, withToken, answer)
    routes.get(path, ...ownHost, fromHere, answer)
  }
  return routes
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

const refusal = (): Refusal =>
  new Refusal(401, 'token-needed', 'From elsewhere this needs a token.', 'Send METRICS_TOKEN as a bearer token.')

/** Whether it carries a token. A wrong one is refused, wherever it comes from. */
function knows(request: Request, tokens: readonly string[]): boolean {
  const given = bearer(request)
  if (given === undefined) return false
  if (!tokens.some((token) => same(given, token))) throw refusal()
  return true
}

/** What a web server in front of us adds: then somebody else asks, from wherever. */
const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']

/** Lets through what comes from this machine, straight. */
const fromHere: RequestHandler = (request, _response, next) => {
  const { remoteAddress = '', localAddress } = request.socket
  const here = /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress) || remoteAddress === localAddress
  if (!here || passedOn.some((name) => request.headers[name] !== undefined)) throw refusal()
  next()
}
