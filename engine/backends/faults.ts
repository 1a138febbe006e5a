import { failure, type Failed } from './answered.ts'

/** How far an exchange has come. */
export type Stage = 'waiting' | 'looking-up' | 'connecting' | 'handshake' | 'asked' | 'answering'

/** The look-up led to an address that is refused. */
export class RefusedAddress extends Error {
  override name = 'RefusedAddress'
}

const stages: Record<Stage, string> = {
  'waiting': 'too many requests to it were running already',
  'looking-up': 'its name was still being looked up',
  'connecting': 'it did not accept the connection',
  'handshake': 'the TLS handshake did not end',
  'asked': 'it did not answer',
  'answering': 'its answer did not end',
}

export const timedOut = (origin: string, ms: number, stage: Stage): Failed =>
  failure('timed-out', `${origin}: not done within ${ms} ms; ${stages[stage]}`)

const codes: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it cannot be reached',
  EADDRNOTAVAIL: 'no connection can be opened',
  EMFILE: 'this machine has too many files open',
  HPE_HEADER_OVERFLOW: 'the head of its answer is larger than 16 KB',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/**
 * What went wrong on the way, from Node's error. Only its code goes into the words: messages can hold what was sent.
 * Errors between the connection and the end of the handshake are TLS's.
 */
export function faultOf(origin: string, error: unknown, stage: Stage): Failed {
  if (error instanceof RefusedAddress) return failure('refused-address', `${origin}: ${error.message}`)
  const { code = '', syscall } = error as { code?: string; syscall?: string }
  if (syscall === 'getaddrinfo') {
    const words = code === 'ENOTFOUND' ? 'there is no such name' : 'its name could not be looked up'
    return failure('no-such-name', `${origin}: ${words} (${code})`)
  }
  const known = codes[code] ?? (code.startsWith('HPE_') ? 'what it answers is not HTTP' : undefined)
  if (stage === 'handshake') {
    const words = code === 'ECONNRESET' ? 'it ended the TLS handshake' : known ?? 'no secure connection came about'
    return failure('tls', `${origin}: ${words} (${code})`)
  }
  return failure('connection', `${origin}: ${known ?? 'the connection failed'}${code ? ` (${code})` : ''}`)
}
