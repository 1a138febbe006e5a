/** Header fields and payload of an RTP packet (RFC 3550 §5.1). */
export interface RtpPacket {
  payloadType: number
  marker: boolean
  /** Counts packets, 16 bit. */
  sequence: number
  /** Counts samples, 32 bit. */
  timestamp: number
  ssrc: number
  payload: Buffer
}

/** Payload type of G.711 µ-law (RFC 3551 §6). */
export const PCMU = 0

/** Samples in one packet: 20 ms at 8,000 samples a second. */
export const SAMPLES_PER_PACKET = 160

const KEYS = '0123456789*#ABCD'

/** Reads a packet; undefined for anything that is not RTP version 2, such as STUN or RTCP on the port. */
export function parseRtp(bytes: Buffer): RtpPacket | undefined {
  if (bytes.length < 12 || bytes[0]! >> 6 !== 2) return undefined
  let start = 12 + 4 * (bytes[0]! & 0x0f) // contributing sources
  if ((bytes[0]! & 0x10) !== 0) { // an extension, its length in words
    if (bytes.length < start + 4) return undefined
    start += 4 + 4 * bytes.readUInt16BE(start + 2)
  }
  const padding = (bytes[0]! & 0x20) === 0 ? 0 : bytes[bytes.length - 1]!
  if (start > bytes.length - padding) return undefined
  return {
    payloadType: bytes[1]! & 0x7f,
    marker: (bytes[1]! & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, bytes.length - padding),
  }
}

/** Writes a packet without contributing sources, extension or padding. */
export function writeRtp(packet: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(12 + packet.payload.length)
  bytes[0] = 0x80
  bytes[1] = (packet.marker ? 0x80 : 0) | packet.payloadType
  bytes.writeUInt16BE(packet.sequence & 0xffff, 2)
  bytes.writeUInt32BE(packet.timestamp >>> 0, 4)
  bytes.writeUInt32BE(packet.ssrc >>> 0, 8)
  bytes.set(packet.payload, 12)
  return bytes
}

/** A key as it travels in the payload of a telephone-event packet (RFC 4733 §2.3). */
export interface KeyEvent {
  /** `0` to `9`, `*`, `#`, `A` to `D`. */
  key: string
  /** The key has been let go. Sent three times, since everything else may be lost (§2.5.1.4). */
  end: boolean
  /** How long the key is down so far, in samples. */
  duration: number
}

/** Payload of a telephone-event packet, at -10 dBm0. */
export function writeKeyEvent({ key, end, duration }: KeyEvent): Buffer {
  const event = KEYS.indexOf(key)
  if (event < 0 || key.length !== 1) throw new Error(`no such key: "${key}" (keys are ${KEYS})`)
  const payload = Buffer.alloc(4)
  payload[0] = event
  payload[1] = (end ? 0x80 : 0) | 10
  payload.writeUInt16BE(Math.min(duration, 0xffff), 2)
  return payload
}

/** Reads the payload of a telephone-event packet; undefined if it is none that a key makes. */
export function parseKeyEvent(payload: Buffer): KeyEvent | undefined {
  const key = KEYS[payload[0] ?? 255]
  if (payload.length < 4 || key === undefined) return undefined
  return { key, end: (payload[1]! & 0x80) !== 0, duration: payload.readUInt16BE(2) }
}
