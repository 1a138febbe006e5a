import { TelephonyError } from '../../engine/errors.ts'

/** What Asterisk sent: an event or an answer. Header names in lower case; of a repeated header the first. */
export type AmiMessage = Readonly<Record<string, string | undefined>>

/** An action for Asterisk: `{ Action: 'Ping' }`. */
export type AmiFields = Readonly<Record<string, string>>

/** Asterisk drops a line longer than this, its end of line included (`inbuf` in main/manager.c). Bytes. */
const LINE_LIMIT = 1024

/** Copies a parsed item into one that no header name can do harm to, `__proto__` and `constructor` included. */
export function cleaned(item: object): AmiMessage {
  const message = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(item)) {
    const first: unknown = Array.isArray(value) ? value.find((one) => typeof one === 'string') : value
    if (typeof first === 'string') message[name] = first
  }
  return message
}

/**
 * Throws `unsafe-value` for what would not arrive as one header per field: CR, LF and NUL anywhere, `:` in a name,
 * a line over Asterisk's limit. The value itself is not repeated in the error: it may be a secret.
 */
export function refuseUnsafe(fields: AmiFields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
      throw new TelephonyError('unsafe-value', `not sent to Asterisk: ${JSON.stringify(name)} is no header name`)
    }
    // oxlint-disable-next-line no-control-regex -- these three are what is looked for
    if (/[\r\n\0]/.test(value)) {
      throw new TelephonyError('unsafe-value', `not sent to Asterisk: the value of ${name} holds a line break or NUL`)
    }
    if (Buffer.byteLength(name) + Buffer.byteLength(value) + 4 > LINE_LIMIT) {
      throw new TelephonyError('unsafe-value', `not sent to Asterisk: ${name} is longer than a line of ${LINE_LIMIT} bytes`)
    }
  }
}
