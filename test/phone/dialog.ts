import { randomBytes } from 'node:crypto'
import { header, parseNameAddress, type SipRequest, type SipResponse } from './sip.ts'
import type { Address } from './transport.ts'

/** What the two ends of a call know of each other (RFC 3261 §12). No route sets: nothing stands between us and the server. */
export class Dialog {
  readonly callId: string
  readonly #local: string
  #remote: string
  #target: string
  readonly #contact: string
  #sequence = 0

  private constructor(callId: string, local: string, remote: string, target: string, contact: string) {
    this.callId = callId
    this.#local = local
    this.#remote = remote
    this.#target = target
    this.#contact = contact
  }

  /** For a call, or a registration, that we begin. `local` is the value of From without a tag. */
  static outgoing(local: string, remote: string, target: string, contact: string): Dialog {
    return new Dialog(randomBytes(12).toString('hex'), `${local};tag=${randomBytes(6).toString('hex')}`, remote, target, contact)
  }

  /** For a call that an INVITE brings. */
  static incoming(invite: SipRequest, contact: string): Dialog {
    const [from = '', to = '', callId = ''] = ['from', 'to', 'call-id'].map((name) => header(invite, name))
    const target = parseNameAddress(header(invite, 'contact') ?? from).uri
    return new Dialog(callId, `${to};tag=${randomBytes(6).toString('hex')}`, from, target, contact)
  }

  /** To and Contact of our responses to the INVITE. */
  get responseHeaders(): [string, string][] {
    return [['To', this.#local], ['Contact', this.#contact]]
  }

  /** Takes the other side's tag and address from its answer. */
  confirm(response: SipResponse): void {
    this.#remote = header(response, 'to') ?? this.#remote
    const contact = header(response, 'contact')
    if (contact !== undefined) this.#target = parseNameAddress(contact).uri
  }

  /** The next request of this dialog. */
  request(method: string, headers: [string, string][] = [], body = ''): SipRequest {
    if (method !== 'ACK') this.#sequence++
    const type: [string, string][] = body === '' ? [] : [['Content-Type', 'application/sdp']]
    return {
      method,
      uri: this.#target,
      headers: [
        ['From', this.#local], ['To', this.#remote], ['Call-ID', this.callId], ['CSeq', `${this.#sequence} ${method}`],
        ['Contact', this.#contact], ...headers, ...type,
      ],
      body,
    }
  }
}

/** `sip:` and an address. */
export function sipUri({ host, port }: Address, user = ''): string {
  return `sip:${user === '' ? '' : `${encodeURIComponent(user).replaceAll('%2B', '+')}@`}${host}:${port}`
}
