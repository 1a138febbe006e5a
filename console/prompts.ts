import express, { type Express, type Response } from 'express'
import type { Clock, Log } from '../engine/ports.ts'
import { probe } from '../engine/voice/probe.ts'
import { notTooOften, same, securityHeaders } from './guard.ts'
import { answerErrors, nothingHere } from './refusal.ts'

/** What it takes to give sounds to an Asterisk that fetches them. */
export type PromptsDeps = {
  /** It stands in the address, for Asterisk can send no header; so it opens these sounds and nothing else. */
  token: string
  /** Absolute path of the WAV file with this sound id; undefined when there is none. */
  soundFile(id: string): string | undefined
  clock: Clock
  log: Log
}

/** So often at most it is said that somebody came with a wrong token. Milliseconds. */
const saidEvery = 60_000

/**
 * The sounds by their ids, under any name of ours: `/prompts/<token>/<id>.wav`. Whoever knows the token is not held up
 * by the limits of the page: hundreds of calls come from one address here. Anything else goes on to what comes behind.
 */
export function promptsFor({ token, soundFile, clock, log }: PromptsDeps): express.Router {
  const routes = express.Router({ caseSensitive: true, strict: true })
  let saidAt = -Infinity
  routes.get('/prompts/:token/:file', (request, response, next) => {
    if (!same(request.params.token, token)) {
      if (clock.steady() - saidAt >= saidEvery) {
        saidAt = clock.steady()
        log.warn({ from: request.socket.remoteAddress }, 'a prompt was asked for with a wrong token, and refused')
      }
      return next()
    }
    const id = /^([0-9a-f]{32})\.wav$/.exec(request.params.file)?.[1]
    if (id === probe.id) return void silence(response)
    const file = id && soundFile(id)
    if (!file) return next()
    // What an id stands for never changes: Asterisk asks once, and plays on when we are gone.
    const headers = { 'Cache-Control': 'private, max-age=31536000, immutable', ETag: `"${id}"` }
    const options = { dotfiles: 'allow', cacheControl: false, lastModified: false, headers } as const
    response.sendFile(file, options, (error?: NodeJS.ErrnoException & { status?: number }) => {
      if (!error || response.headersSent) return
      if (error.status !== undefined && error.status >= 400 && error.status < 500) return next(error)
      // The path of the request holds the token, so this goes no further.
      log.error({ sound: id, code: error.code }, 'a prompt cannot be read from the folder of prompts')
      next()
    })
  })
  return routes
}

/** A server of its own for the sounds alone, not yet listening: where the page is for this machine alone. */
export function createPromptsApp(deps: PromptsDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders, promptsFor(deps), notTooOften(deps.clock, 100), nothingHere, answerErrors(deps.log))
  return app
}

/** Asked for anew each time: Asterisk is to show that it can reach us now. */
function silence(response: Response): void {
  response.set({ 'Cache-Control': 'no-cache', 'Content-Type': 'audio/wav' })
  // Express would put an ETag to what it sends, by which Asterisk could keep it.
  response.end(probe.bytes)
}
