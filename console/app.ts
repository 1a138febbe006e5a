import { fileURLToPath } from 'node:url'
import express, { type Express, type RequestHandler } from 'express'
import { milliseconds } from '../engine/duration.ts'
import { longestTurn } from '../engine/kept-switches.ts'
import { AGENT_DOES, BrowserCalls } from './browser-calls.ts'
import type { ConsoleDeps } from './deps.ts'
import { knownHost, notTooOften, ownOrigin, securityHeaders, tokenGate } from './guard.ts'
import { leftRoutes } from './left.ts'
import { Overview } from './overview.ts'
import { closedProbes, openProbes } from './probes.ts'
import { promptsFor } from './prompts.ts'
import { answerErrors, nothingHere, Refusal } from './refusal.ts'

const PAGES = fileURLToPath(new URL('./pages/', import.meta.url))

/**
 * The console's web server, not yet listening: the page with the phone, and what it asks for.
 * Everything is refused that is not for this machine or not from its own page.
 */
export function createApp(deps: ConsoleDeps): Express {
  const overview = new Overview(deps)
  const calls = new BrowserCalls(deps)
  const unwatch = deps.watch((note) => {
    overview.noted(note)
    calls.noted(note)
  })
  deps.until?.addEventListener('abort', () => {
    calls.close()
    overview.close()
    unwatch()
  })

  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders)
  const ownHost = [knownHost(deps.hosts ?? []), ownOrigin]
  const { probed, token, metricsToken, promptsToken } = deps
  // Before all limits: a flood of requests for pages must not have a healthy engine restarted.
  if (probed) app.use(openProbes(probed))
  if (promptsToken) app.use(promptsFor({ ...deps, token: promptsToken }))
  app.use(notTooOften(deps.clock, 100))
  if (probed) app.use(closedProbes(probed, [metricsToken, token].filter((one) => one !== undefined), ownHost))
  app.use(ownHost)
  app.use('/api', noStore, express.json({ limit: '2kb' }))
  const gate = token ? tokenGate(token) : undefined
  if (gate) {
    app.post('/api/session', gate.open)
    app.use(['/api', '/prompts'], gate.pass)
  }
  app.get('/api/status', (_request, response) => void response.json(overview.status()))
  app.get('/api/events', (request, response) => overview.attach(request, response))
  app.use('/api/calls', callRoutes(deps, calls))
  app.use('/api/left', leftRoutes(deps))
  app.put('/api/hotlines/:hotline/switches/:name', turning(deps, overview))
  app.get('/prompts/:file', sound(deps))
  app.use(express.static(PAGES, { cacheControl: false, redirect: false, setHeaders: revalidate }))
  app.use(nothingHere, answerErrors(deps.log))
  return app
}

function callRoutes(deps: ConsoleDeps, calls: BrowserCalls): express.Router {
  const routes = express.Router()
  routes.post('/', (request, response) => {
    const called: unknown = request.body?.called
    const hotline = deps.hotlines().find((one) => one.live && one.numbers.some((number) => number === called))
    if (!hotline || typeof called !== 'string')
      throw new Refusal(404, 'no-such-number', 'No live hotline answers this number.', 'Dial a number from the list.')
    response.status(201).json({ id: calls.dial(called) })
  })
  routes.get('/:id/events', (request, response) => {
    const call = calls.call(request.params.id)
    call.feed.attach(request, response)
    call.attended()
  })
  routes.post('/:id/keys', (request, response) => {
    const key: unknown = request.body?.key
    if (typeof key !== 'string' || !/^[0-9*#]$/.test(key))
      throw new Refusal(400, 'no-such-key', 'A phone has no such key.', 'Send one of 0 to 9, * and #.')
    calls.call(request.params.id).press(key)
    response.status(204).end()
  })
  routes.post('/:id/agent', (request, response) => {
    const does = AGENT_DOES.find((one) => one === request.body?.does)
    if (!does)
      throw new Refusal(400, 'unknown-deed', 'An agent cannot do that.', `Send one of ${AGENT_DOES.join(', ')}.`)
    calls.call(request.params.id).agent(does)
    response.status(204).end()
  })
  routes.delete('/:id', (request, response) => {
    calls.call(request.params.id).hangUp()
    response.status(204).end()
  })
  return routes
}

/** Turns a switch. `{ on: true, for: '4h' }`: back by itself after that time; without `for` until it is turned again. */
function turning(deps: ConsoleDeps, overview: Overview): RequestHandler<{ hotline: string; name: string }> {
  return (request, response) => {
    const { hotline, name } = request.params
    const { on, for: time }: { on?: unknown; for?: unknown } = request.body ?? {}
    const ms = time === undefined ? undefined : milliseconds(String(time))
    if (!deps.hotlines().some((one) => one.name === hotline && one.switches.some((own) => own.name === name)))
      throw new Refusal(404, 'no-such-switch', 'No hotline has this switch.', 'Load the page again.')
    if (typeof on !== 'boolean' || (time !== undefined && !(ms && ms <= longestTurn)))
      throw new Refusal(400, 'bad-turn', 'A switch cannot be turned so.', 'Send { "on": true, "for": "4h" }, or without "for".')
    deps.turn(hotline, name, { on, ms })
    overview.changed()
    response.status(204).end()
  }
}

/** A prompt's sound. Its name is the hash of what it says, so a browser may keep it. */
function sound(deps: ConsoleDeps): RequestHandler<{ file: string }> {
  return (request, response, next) => {
    const id = /^([0-9a-f]{32})\.wav$/.exec(request.params.file)?.[1]
    const file = id && deps.soundFile(id)
    if (!file) return next()
    // Sounds may lie in a folder whose name begins with a dot.
    const headers = { 'Cache-Control': 'private, max-age=3600' }
    response.sendFile(file, { dotfiles: 'allow', cacheControl: false, headers })
  }
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

function revalidate(response: express.Response): void {
  response.set('Cache-Control', 'no-cache')
}
