import type { Dialog } from './dialog.ts'
import { inTime } from './in-time.ts'
import type { Media } from './media.ts'
import { parseSdp, writeSdp, type MediaAddress } from './sdp.ts'
import type { SipRequest } from './sip.ts'
import type { Reply, SipTransport } from './transport.ts'

/** How a call ended. */
export interface Ending {
  by: 'us' | 'them'
  /** BYE; CANCEL or no answer; refused before it was answered. */
  how: 'hung up' | 'cancelled' | 'refused'
  /** `performance.now()`. */
  at: number
}

/** The signalling of one call: from INVITE to BYE. What is heard and said is `PhoneCall`'s. */
export class Leg {
  readonly callId: string
  /** Who calls, as far as the other side tells. Empty for our own calls. */
  readonly callerId: { name: string, number: string }
  readonly media: Media
  /** Resolves when the call is over, whoever ended it. */
  readonly whenOver: Promise<Ending>
  /** When it was answered: `performance.now()`; 0 before. */
  answeredAt = 0
  readonly #transport: SipTransport
  readonly #dialog: Dialog
  readonly #acknowledged: Promise<void>
  #onOver!: (ending: Ending) => void
  #onAcknowledged!: () => void
  #ringing: { invite: SipRequest, reply: Reply } | undefined
  #isEstablished = false
  #isOver = false

  constructor(transport: SipTransport, dialog: Dialog, media: Media, callerId = { name: '', number: '' }) {
    this.callId = dialog.callId
    this.callerId = callerId
    this.media = media
    this.#transport = transport
    this.#dialog = dialog
    this.whenOver = new Promise((resolve) => { this.#onOver = resolve })
    this.#acknowledged = new Promise((resolve) => { this.#onAcknowledged = resolve })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** The other side has answered us: its sound is there. */
  connected(remote: MediaAddress): void {
    this.answeredAt ||= performance.now()
    this.media.start(remote)
  }

  /** ACK of the answer to our INVITE. Sent again whenever that answer comes again. */
  acknowledge(): void {
    this.#isEstablished = true
    this.#transport.sendOnce(this.#dialog.request('ACK'))
  }

  /** The call came by this INVITE: tells the other side that it rings. */
  ring(invite: SipRequest, reply: Reply): void {
    this.#ringing = { invite, reply }
    reply(180, 'Ringing', this.#dialog.responseHeaders)
  }

  async answer(): Promise<void> {
    if (this.#ringing === undefined) throw new Error('the call does not ring (any more)')
    const { invite, reply } = this.#ringing
    const remote = parseSdp(invite.body)
    if (remote === undefined) {
      this.reject(488, 'Not Acceptable Here')
      throw new Error('the call offers no G.711 µ-law sound')
    }
    this.#ringing = undefined
    this.#isEstablished = true
    this.#replyWithSound(reply, remote)
    this.connected(remote)
    await inTime(Promise.race([this.#acknowledged, this.whenOver]), 5000, 'the answer was not acknowledged in 5 s')
  }

  reject(status: number, reason: string): void {
    if (this.#ringing === undefined) throw new Error('the call does not ring (any more)')
    this.#ringing.reply(status, reason, this.#dialog.responseHeaders)
    this.over('us', 'refused')
  }

  async hangUp(): Promise<void> {
    if (this.#isOver) return
    if (this.#ringing !== undefined) return this.reject(486, 'Busy Here')
    if (!this.#isEstablished) {
      await this.whenOver // still being dialled: whoever dials cancels
      return
    }
    this.over('us', 'hung up')
    await this.#transport.send(this.#dialog.request('BYE')).final
  }

  /** A request of the other side within this call. */
  take(request: SipRequest, reply: Reply): void {
    if (request.method === 'ACK') this.#onAcknowledged()
    else if (request.method === 'CANCEL') {
      reply(200, 'OK')
      if (this.#ringing === undefined) return
      this.#ringing.reply(487, 'Request Terminated', this.#dialog.responseHeaders)
      this.over('them', 'cancelled')
    } else if (request.method === 'BYE') {
      reply(200, 'OK')
      this.over('them', 'hung up')
    } else if (request.method === 'INVITE' || request.method === 'UPDATE') {
      const remote = parseSdp(request.body)
      if (remote !== undefined) this.media.start(remote)
      if (remote !== undefined || request.method === 'INVITE') this.#replyWithSound(reply, remote)
      else reply(200, 'OK', this.#dialog.responseHeaders)
    } else reply(200, 'OK')
  }

  /** Closes what this call has open. */
  over(by: Ending['by'], how: Ending['how']): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ringing = undefined
    this.media.close()
    this.#onOver({ by, how, at: performance.now() })
  }

  #replyWithSound(reply: Reply, remote: MediaAddress | undefined): void {
    reply(200, 'OK', [...this.#dialog.responseHeaders, ['Content-Type', 'application/sdp']], writeSdp(this.media.port, remote))
  }
}
