import { PhoneCall } from './call.ts'
import { Dialog, sipUri } from './dialog.ts'
import { answerChallenge, type Credentials } from './digest.ts'
import { inTime } from './in-time.ts'
import { Leg } from './leg.ts'
import { Media, type Impairment } from './media.ts'
import { parseSdp, writeSdp } from './sdp.ts'
import { header, parseNameAddress, writeNameAddress, type SipRequest, type SipResponse } from './sip.ts'
import { KnownSounds } from './sounds.ts'
import { SipTransport, type Address, type Pending, type Reply } from './transport.ts'

export type { PhoneCall }

export interface PhoneOptions {
  /** Where the SIP server takes calls. */
  server: Address
  /** Register there and take calls. Default: only place calls, as nobody in particular. */
  register?: Credentials
  /** The prompts that `hears` can tell apart. Default none: tones only. */
  sounds?: KnownSounds
  /** Spoils what the phone sends. Default: nothing. */
  impairment?: Impairment
}

export interface DialOptions {
  /** Number shown to the called. Default `anonymous`. */
  from?: string
  /** Name shown to the called. Default none. */
  name?: string
  /** Time until the answer, in ms; then the call is cancelled. Default 10,000. */
  within?: number
  /** Cancels the call while it rings. */
  signal?: AbortSignal
}

/** A telephone on loopback, for tests: any number of calls at a time, one UDP socket for SIP and one per call for sound. */
export class Phone {
  readonly #transport: SipTransport
  readonly #options: PhoneOptions
  readonly #sounds: KnownSounds
  readonly #legs = new Map<string, Leg>()
  readonly #contact: string
  readonly #registration: Promise<void>
  readonly #off = new AbortController()
  #registrar: Dialog | undefined
  #ringing: Leg[] = []
  #onRing: () => void = () => {}

  private constructor(transport: SipTransport, options: PhoneOptions) {
    this.#transport = transport
    this.#options = options
    this.#sounds = options.sounds ?? new KnownSounds()
    this.#contact = `<${sipUri(transport.address, options.register?.user ?? 'phone')}>`
    transport.onRequest = (request, reply) => void this.#take(request, reply)
    transport.onRepeatedAnswer = (response) => this.#legs.get(header(response, 'call-id') ?? '')?.acknowledge()
    this.#registration = this.#register()
    this.#registration.catch(() => {}) // told by registered()
  }

  /** Switches a phone on. */
  static async open(options: PhoneOptions): Promise<Phone> {
    return new Phone(await SipTransport.open(options.server), options)
  }

  /** Resolves when the server has accepted the registration; rejects with its refusal. */
  async registered(): Promise<void> {
    if (this.#options.register === undefined) throw new Error('this phone was opened without `register`')
    await this.#registration
  }

  /** Calls a number. Resolves when answered and acknowledged; rejects when refused, or not answered in time. */
  async dial(number: string, { from = 'anonymous', name = '', within = 10_000, signal }: DialOptions = {}): Promise<PhoneCall> {
    const { server } = this.#options
    const local = writeNameAddress({ name, uri: sipUri(this.#transport.address, from), params: {} })
    const target = sipUri(server, number)
    const dialog = Dialog.outgoing(local, `<${target}>`, target, this.#contact)
    const media = await Media.open(this.#options.impairment)
    const leg = this.#keep(new Leg(this.#transport, dialog, media))
    const call = new PhoneCall(leg, this.#sounds)
    const timeout = AbortSignal.timeout(within)
    const giveUp = AbortSignal.any([timeout, this.#off.signal, ...signal === undefined ? [] : [signal]])
    try {
      const response = await this.#invite(dialog, media, giveUp)
      const cancelled = timeout.aborted ? `the call to ${number} was not answered within ${within} ms` : `the call to ${number} was cancelled`
      if (response.status >= 300) throw new Error(giveUp.aborted ? cancelled : `the call to ${number} was refused: ${response.status} ${response.reason}`)
      dialog.confirm(response)
      leg.acknowledge()
      const remote = parseSdp(response.body)
      if (remote !== undefined && !giveUp.aborted) {
        leg.connected(remote)
        return call
      }
      await leg.hangUp() // the answer and our CANCEL crossed, or we cannot hear each other
      throw new Error(remote === undefined ? `${number} answered without G.711 µ-law sound` : cancelled)
    } catch (error) {
      leg.over('us', 'cancelled')
      throw error
    }
  }

  /** Resolves with the next call that rings here, to be answered or rejected; rejects after `within` ms (default 5,000). */
  async rings({ within = 5000 } = {}): Promise<PhoneCall> {
    const next = new Promise<Leg>((resolve) => {
      this.#onRing = () => {
        this.#ringing = this.#ringing.filter((leg) => !leg.isOver)
        const leg = this.#ringing.shift()
        if (leg === undefined) return
        this.#onRing = () => {}
        resolve(leg)
      }
      this.#onRing()
    })
    const leg = await inTime(next, within, `the phone was expected to ring within ${within} ms, but did not`)
    return new PhoneCall(leg, this.#sounds)
  }

  /** Hangs up every call, unregisters and switches the phone off. */
  async close(): Promise<void> {
    this.#off.abort()
    await Promise.allSettled([...this.#legs.values()].map((leg) => inTime(leg.hangUp(), 1000, 'no answer to BYE')))
    if (this.#registrar !== undefined) {
      await inTime(this.#authenticated(this.#registrar, 'REGISTER', [['Expires', '0']]), 1000, 'no answer').catch(() => {})
    }
    this.#transport.close()
  }

  async #register(): Promise<void> {
    const { server, register } = this.#options
    if (register === undefined) return
    const own = `<${sipUri(server, register.user)}>`
    const registrar = Dialog.outgoing(own, own, sipUri(server), this.#contact)
    const response = await this.#authenticated(registrar, 'REGISTER', [['Expires', '3600']])
    if (response.status !== 200) throw new Error(`registration of ${register.user} was refused: ${response.status} ${response.reason}`)
    this.#registrar = registrar
  }

  async #invite(dialog: Dialog, media: Media, giveUp: AbortSignal): Promise<SipResponse> {
    let pending: Pending | undefined
    const cancel = () => { if (pending !== undefined) this.#transport.cancel(pending) }
    const earlySound = (response: SipResponse) => {
      const remote = parseSdp(response.body)
      if (remote !== undefined) media.start(remote)
    }
    giveUp.addEventListener('abort', cancel)
    try {
      return await this.#authenticated(dialog, 'INVITE', [], writeSdp(media.port), (sent) => { pending = sent }, earlySound)
    } finally {
      giveUp.removeEventListener('abort', cancel)
    }
  }

  /** Sends a request; where the server asks who we are, once more with the answer (RFC 3261 §22). */
  async #authenticated(
    dialog: Dialog, method: string, headers: [string, string][] = [], body = '',
    onSent: (pending: Pending) => void = () => {}, onProvisional?: (response: SipResponse) => void,
  ): Promise<SipResponse> {
    const send = async (extra: [string, string][]) => {
      const pending = this.#transport.send(dialog.request(method, [...headers, ...extra], body), onProvisional)
      onSent(pending)
      return { request: pending.request, response: await pending.final }
    }
    const { request, response } = await send([])
    const { register } = this.#options
    if (register === undefined || (response.status !== 401 && response.status !== 407)) return response
    const [asked, answered] = response.status === 401 ? ['www-authenticate', 'Authorization'] : ['proxy-authenticate', 'Proxy-Authorization']
    const challenge = header(response, asked!) ?? ''
    return (await send([[answered!, answerChallenge(challenge, register, method, request.uri)]])).response
  }

  async #take(request: SipRequest, reply: Reply): Promise<void> {
    const callId = header(request, 'call-id') ?? ''
    const leg = this.#legs.get(callId)
    if (leg !== undefined) leg.take(request, reply)
    else if (request.method === 'INVITE') await this.#ring(request, reply)
    else if (request.method === 'OPTIONS' || request.method === 'NOTIFY') reply(200, 'OK')
    else if (request.method !== 'ACK') reply(481, 'Call/Transaction Does Not Exist')
  }

  async #ring(invite: SipRequest, reply: Reply): Promise<void> {
    const caller = parseNameAddress(header(invite, 'p-asserted-identity') ?? header(invite, 'from') ?? '')
    const media = await Media.open(this.#options.impairment)
    const leg = new Leg(this.#transport, Dialog.incoming(invite, this.#contact), media, { name: caller.name, number: caller.user })
    this.#keep(leg).ring(invite, reply)
    this.#ringing.push(leg)
    this.#onRing()
  }

  #keep(leg: Leg): Leg {
    this.#legs.set(leg.callId, leg)
    void leg.whenOver.then(() => this.#legs.delete(leg.callId))
    return leg
  }
}
