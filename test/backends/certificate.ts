import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A key and its certificate, PEM, as a TLS server takes them. */
export type Certificate = { key: string; cert: string }

/**
 * A certificate signed by itself, made without any program: X.509 v3 with an EC key (RFC 5280 §4.1, RFC 5480).
 * Valid for a day around now, unless `until` says otherwise.
 */
export function certificateFor(names: string[], { until = Date.now() + 86_400_000 } = {}): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(oid(85, 4, 3), text(names[0]!))))
  const algorithm = sequence(oid(42, 134, 72, 206, 61, 4, 3, 2)) // ecdsa-with-SHA256
  const alternatives = sequence(...names.map((one) => (/^[\d.]+$/.test(one) ? der(0x87, Buffer.from(one.split('.').map(Number))) : der(0x82, Buffer.from(one)))))
  const body = sequence(
    der(0xa0, der(2, Buffer.from([2]))), der(2, Buffer.concat([Buffer.from([1]), randomBytes(8)])), algorithm, name,
    sequence(time(until - 172_800_000), time(until)), name, publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(
      sequence(oid(85, 29, 17), der(4, alternatives)),
      sequence(oid(85, 29, 19), der(1, Buffer.from([255])), der(4, sequence(der(1, Buffer.from([255]))))),
    )),
  )
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signature = sign('sha256', body, createPrivateKey(key))
  const cert = sequence(body, algorithm, der(3, Buffer.concat([Buffer.from([0]), signature])))
  return { key, cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n` }
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const set = (...parts: Buffer[]): Buffer => der(0x31, ...parts)
/** An object identifier by its bytes. */
const oid = (...bytes: number[]): Buffer => der(6, Buffer.from(bytes))
const text = (words: string): Buffer => der(0x0c, Buffer.from(words))
const time = (at: number): Buffer => der(0x18, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`))
