/** Why a request came to nothing. */
export type Why =
  | 'timed-out' // the time given was over: waiting for a place, looking up, connecting, or for the answer
  | 'refused-address' // the address is not on the public internet, and the admin has not named it
  | 'no-such-name' // the name of the host could not be looked up
  | 'connection' // nothing listens there, the connection broke, or what came is not HTTP
  | 'tls' // no secure connection: a wrong, unknown or expired certificate, or no TLS at all
  | 'status' // answered with a status other than 200 to 299
  | 'too-large' // the answer is larger than is read
  | 'not-json' // the answer is not JSON, or deeper than is read
  | 'redirected' // told to ask elsewhere, which is never done
  | 'bad-address' // what was to be asked is no http or https address
  | 'bad-order' // a header or body that cannot be sent
  | 'given-up' // no longer wanted: the caller has hung up, or the engine stops

export type Failed = {
  how: 'failed'
  why: Why
  /** For the admin: names scheme, host and port; never a path, a query, a header, a body or credentials. */
  words: string
  /** When the backend answered. */
  status?: number
}

export type Answered =
  | {
      how: 'ok'
      /** 200 to 299. */
      status: number
      /** Plain data, at most 32 levels deep; null when there was nothing in the answer. */
      data: unknown
    }
  | Failed

export function failure(why: Why, words: string, status?: number): Failed {
  return { how: 'failed', why, words, ...(status === undefined ? {} : { status }) }
}
