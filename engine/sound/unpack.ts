import type { Samples } from './samples.ts'
import type { PackedKind } from './sound-kind.ts'
import { refuseLength, refuseRate } from './wav.ts'

/** Small, since a few bytes can unpack to megabytes: what comes of one piece is looked at before the next. */
const pieceBytes = 4096

type Unpacked = { channelData: Float32Array[]; sampleRate: number; samplesDecoded: number; errors: { message: string }[] }

type Decoder = {
  ready: Promise<void>
  decode(bytes: Uint8Array): Unpacked | Promise<Unpacked>
  flush?(): Promise<Unpacked>
}

const decoders: Record<PackedKind, () => Promise<Decoder>> = {
  mp3: async () => new (await import('mpg123-decoder')).MPEGDecoder(),
  flac: async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  vorbis: async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
  opus: async () => new (await import('ogg-opus-decoder')).OggOpusDecoder(),
}

/** What is said as it is; everything else that a decoder says means that the file is damaged. */
export class Refusal extends Error {}

/** Unpacks a file, its channels mixed to one. Rejects as soon as more than `longest` seconds have come of it. */
export async function unpack(kind: PackedKind, file: Buffer, longest: number): Promise<Samples> {
  const decoder = await decoders[kind]()
  await decoder.ready
  const mixed: Int16Array[] = []
  let [rate, length] = [0, 0]
  const take = ({ channelData, sampleRate, samplesDecoded, errors: [error] }: Unpacked): void => {
    if (error) throw new Error(error.message)
    if (samplesDecoded <= 0) return
    if (rate !== 0 && sampleRate !== rate) throw new Refusal('its sample rate changes in the middle; save it as one sound')
    rate = sampleRate
    length += samplesDecoded
    refusing(() => refuseRate(rate))
    refusing(() => refuseLength(length, rate, longest))
    mixed.push(mix(channelData, samplesDecoded))
  }
  for (let at = 0; at < file.length; at += pieceBytes) take(await decoder.decode(file.subarray(at, at + pieceBytes)))
  if (decoder.flush) take(await decoder.flush())
  if (kind === 'flac' && length < samplesOfFlac(file)) throw new Refusal('it is damaged or cut off; make or copy it anew')
  const samples = new Int16Array(length)
  let at = 0
  for (const piece of mixed) {
    samples.set(piece, at)
    at += piece.length
  }
  return { samples, rate }
}

/** The mean of all channels. */
function mix(channels: Float32Array[], length: number): Int16Array {
  const out = new Int16Array(length)
  for (let n = 0; n < length; n++) {
    let sum = 0
    for (const channel of channels) sum += channel[n] ?? 0
    out[n] = Math.max(-32_768, Math.min(32_767, Math.round((sum / channels.length) * 32_768)))
  }
  return out
}

/** As its header has it; 0 when that does not know. Source: RFC 9639, 8.2. */
const samplesOfFlac = (file: Buffer): number =>
  file.length < 26 ? 0 : (file.readUInt8(21) & 15) * 2 ** 32 + file.readUInt32BE(22)

function refusing(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}
