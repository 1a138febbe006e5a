import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import { PCMU, parseRtp, SAMPLES_PER_PACKET, writeKeyEvent, writeRtp } from './rtp.ts'
import { TICK_MS, ticker } from './ticker.ts'
import { loudness, ULAW_SILENCE } from './ulaw.ts'

/** One packet of sound received. */
export interface Frame {
  /** When it arrived: `performance.now()`. */
  at: number
  /** Mean power in dB below full scale, at least -96. */
  loudness: number
  /** Where it belongs in the sound received, in samples; runs on without a jump where the sender changes. */
  position: number
  /** Samples in µ-law. */
  bytes: Uint8Array
}

/** Spoils what is sent, to see how the other side bears it. */
export interface Impairment {
  /** Part of the packets that are lost, 0 to 1. Default 0. */
  loss?: number
  /** Part of the packets that are sent twice, 0 to 1. Default 0. */
  duplicate?: number
  /** Source of chance, 0 to below 1. Default `Math.random`. */
  random?: () => number
}

interface KeyPress {
  key: string
  timestamp: number
  duration: number
  length: number
  released: (at: number) => void
  failed: (reason: Error) => void
}

/** Between two keys there are at least so many packets of sound: 60 ms. */
const PAUSE_TICKS = 3

const silence = Buffer.alloc(SAMPLES_PER_PACKET, ULAW_SILENCE)
const resolved = (address: string, _options: unknown, callback: (error: null, address: string, family: number) => void) => callback(null, address, 4)

/** The RTP side of a call: sends a packet every 20 ms from the answer to the end, and passes on what arrives. */
export class Media {
  readonly port: number
  /** What is done with each packet of sound received. */
  onFrame: (frame: Frame) => void = () => {}
  readonly #socket: Socket
  readonly #impairment: Impairment
  readonly #ssrc = randomInt(2 ** 32 - 1)
  #remote: { host: string, port: number, eventType: number } | undefined
  #sequence = randomInt(2 ** 15)
  #timestamp = randomInt(2 ** 31)
  #marker = true
  #sound: { bytes: Uint8Array, at: number, again: boolean } | undefined
  #keys: KeyPress[] = []
  #pause = 0
  #stopTicks: (() => void) | undefined
  #heard: { ssrc: number, offset: number, next: number } | undefined

  private constructor(socket: Socket, impairment: Impairment) {
    this.#socket = socket
    this.#impairment = impairment
    this.port = socket.address().port
    socket.on('message', (bytes) => this.#receive(bytes))
    // The other side's port may be closed a moment before its BYE arrives.
    socket.on('error', () => {})
  }

  /** Opens the RTP port on loopback. */
  static async open(impairment: Impairment = {}): Promise<Media> {
    const socket = createSocket({ type: 'udp4', lookup: resolved as never, recvBufferSize: 2 ** 18 })
    const listening = once(socket, 'listening') // comes at once, since no name is looked up
    socket.bind(0, '127.0.0.1')
    await listening
    return new Media(socket, impairment)
  }

  /** From now on sends there. May be called again when the other side moves (re-INVITE). */
  start(remote: { host: string, port: number, eventType: number }): void {
    this.#remote = remote
    this.#stopTicks ??= ticker.every20ms(() => this.#tick())
  }

  /** Sends these µ-law bytes instead of silence, once or again and again. */
  play(bytes: Uint8Array | undefined, again: boolean): void {
    this.#sound = bytes === undefined ? undefined : { bytes, at: 0, again }
  }

  /** Holds a key down for `ms`; resolves with the time at which its last packet left. */
  async press(key: string, ms: number): Promise<number> {
    writeKeyEvent({ key, end: false, duration: 0 }) // an unknown key is an error now, not in a tick
    return await new Promise((released, failed) => {
      const length = Math.max(1, Math.round(ms / TICK_MS)) * SAMPLES_PER_PACKET
      if (this.#stopTicks === undefined) failed(new Error('no key can be pressed: the call has no sound'))
      else this.#keys.push({ key, length, timestamp: -1, duration: 0, released, failed })
    })
  }

  close(): void {
    this.#stopTicks?.()
    this.#stopTicks = undefined
    for (const { key, failed } of this.#keys.splice(0)) failed(new Error(`the call ended before key ${key} was let go`))
    try {
      this.#socket.close()
    } catch { /* closed before */ }
  }

  #tick(): void {
    const key = this.#pause > 0 ? undefined : this.#keys[0]
    if (this.#pause > 0) this.#pause--
    if (key === undefined) this.#send(PCMU, this.#timestamp, this.#nextBytes())
    else this.#sendKey(key)
    this.#timestamp += SAMPLES_PER_PACKET
  }

  /**
   * One packet for each 20 ms that the key is down, all with the time of its start and the duration
   * so far, then the end three times (RFC 4733 §2.5.1). The three leave together, so that
   * "the key was let go" is one moment for a measurement.
   */
  #sendKey(press: KeyPress): void {
    const type = this.#remote?.eventType ?? 101
    if (press.duration === 0) {
      press.timestamp = this.#timestamp
      this.#marker = true
    }
    press.duration += SAMPLES_PER_PACKET
    const { key, duration, timestamp } = press
    this.#send(type, timestamp, writeKeyEvent({ key, end: false, duration }))
    if (duration < press.length) return
    for (let i = 0; i < 3; i++) this.#send(type, timestamp, writeKeyEvent({ key, end: true, duration }))
    this.#keys.shift()
    this.#pause = PAUSE_TICKS
    press.released(performance.now())
  }

  #send(payloadType: number, timestamp: number, payload: Buffer): void {
    const { loss = 0, duplicate = 0, random = Math.random } = this.#impairment
    const packet = writeRtp({ payloadType, marker: this.#marker, sequence: this.#sequence++, timestamp, ssrc: this.#ssrc, payload })
    this.#marker = false
    const { port, host } = this.#remote!
    if (loss === 0 || random() >= loss) this.#socket.send(packet, port, host)
    if (duplicate > 0 && random() < duplicate) this.#socket.send(packet, port, host)
  }

  #nextBytes(): Buffer {
    const sound = this.#sound
    if (sound === undefined) return silence
    const payload = Buffer.alloc(SAMPLES_PER_PACKET, ULAW_SILENCE)
    for (let i = 0; i < payload.length; i++) {
      if (sound.at === sound.bytes.length) {
        if (!sound.again) {
          this.#sound = undefined
          break
        }
        sound.at = 0
      }
      payload[i] = sound.bytes[sound.at++]!
    }
    return payload
  }

  #receive(bytes: Buffer): void {
    const at = performance.now()
    const packet = parseRtp(bytes)
    if (packet === undefined || packet.payloadType !== PCMU) return
    // A new sender has a clock of its own: what it sends follows what was heard last.
    if (this.#heard?.ssrc !== packet.ssrc) {
      const next = this.#heard?.next ?? 0
      this.#heard = { ssrc: packet.ssrc, offset: packet.timestamp - next, next }
    }
    // Asterisk dates the short last packet of a file as if the one before had been as short.
    const position = this.#heard.next + Math.max(0, (packet.timestamp - this.#heard.offset - this.#heard.next) | 0)
    this.#heard.next = position + packet.payload.length
    this.onFrame({ at, loudness: loudness(packet.payload), position, bytes: packet.payload })
  }
}
