import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Log } from '../engine/ports.ts'

/** A request that is not granted: why, and what to do instead. Never holds anything the stranger may not know. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly whatToDo: string
  constructor(status: number, code: string, error: string, whatToDo: string) {
    super(error)
    this.status = status
    this.code = code
    this.whatToDo = whatToDo
  }
}

/** The last route: nothing lives here. */
export const nothingHere: RequestHandler = () => {
  throw new Refusal(404, 'not-found', 'There is nothing at this address.', 'Open / for the phone.')
}

/** Every error as JSON. What is not a refusal goes to the log and leaves no trace in the answer. */
export function answerErrors(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const refusal = error instanceof Refusal ? error : fromExpress(error)
    if (refusal.status >= 500) log.error({ method: request.method, path: request.path, err: error }, 'a page request failed')
    if (response.headersSent) return void response.destroy()
    response
      .status(refusal.status)
      .set('Cache-Control', 'no-store')
      .json({ code: refusal.code, error: refusal.message, 'what-to-do': refusal.whatToDo })
  }
}

/** Express and its body reader throw errors with a status; their words may hold paths and are not passed on. */
function fromExpress(error: unknown): Refusal {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) return new Refusal(413, 'too-large', 'The request is too large.', 'Send at most 2 KB.')
  if (status === 404) return new Refusal(404, 'not-found', 'There is nothing at this address.', 'Open / for the phone.')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal(status, 'bad-request', 'The request cannot be read.', 'Send JSON, as application/json.')
  return new Refusal(500, 'failed', 'Something failed in Callwright.', 'Try again; the log says what it was.')
}
