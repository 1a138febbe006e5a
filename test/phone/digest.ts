import { createHash, randomBytes } from 'node:crypto'

/** Who a phone says it is. */
export interface Credentials {
  user: string
  password: string
}

/** The value of (Proxy-)Authorization for a challenge: digest with MD5 (RFC 2617 §3.2, RFC 3261 §22.4). */
export function answerChallenge(challenge: string, { user, password }: Credentials, method: string, uri: string, cnonce = randomBytes(8).toString('hex')): string {
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]*)`, 'i').exec(challenge)?.[1]
  const realm = field('realm') ?? ''
  const nonce = field('nonce') ?? ''
  const algorithm = field('algorithm') ?? 'MD5'
  if (!/^digest /i.test(challenge) || algorithm.toUpperCase() !== 'MD5') throw new Error(`cannot answer this challenge: ${challenge}`)
  const protection = field('qop') === undefined ? undefined : 'auth'
  const secret = md5(`${user}:${realm}:${password}`)
  const asked = md5(`${method}:${uri}`)
  const response = md5(protection === undefined ? `${secret}:${nonce}:${asked}` : `${secret}:${nonce}:00000001:${cnonce}:${protection}:${asked}`)
  const opaque = field('opaque')
  return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5` +
    (protection === undefined ? '' : `, qop=${protection}, nc=00000001, cnonce="${cnonce}"`) +
    (opaque === undefined ? '' : `, opaque="${opaque}"`)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
