import { endianness } from 'node:os'
import { fromALaw, fromMuLaw } from './g711.ts'
import type { Samples } from './samples.ts'
import { telephoneRate } from './resample.ts'
import { refuseChannels } from './sound-kind.ts'

const headerBytes = 44

/** A WAV file as Asterisk plays it: 8,000 samples a second, one channel, 16 bit. */
export function wavOf(samples: Int16Array): Buffer {
  const body = Buffer.from(Int16Array.from(samples).buffer)
  if (bigEndian) body.swap16()
  return Buffer.concat([header(body.length), body])
}

/** The samples of a file made by `wavOf`; undefined when it is damaged or of another kind. */
export function samplesOf(file: Buffer): Int16Array | undefined {
  const count = countSamples(file, file.length)
  return count === undefined ? undefined : littleEndian(file.subarray(headerBytes))
}

/**
 * How many samples a file made by `wavOf` has, from its first 44 bytes and its size in bytes. Undefined when these
 * do not fit together: the file was cut off, or is another's.
 */
export function countSamples(start: Buffer, size: number): number | undefined {
  const bytes = size - headerBytes
  if (start.length < headerBytes || bytes % 2 !== 0) return undefined
  return start.subarray(0, headerBytes).equals(header(bytes)) ? bytes / 2 : undefined
}

/** Sound length in milliseconds of a number of samples. */
export function msOf(samples: number): number {
  return Math.round((samples * 1000) / telephoneRate)
}

/**
 * The sound in any WAV of plain samples, its channels mixed to one: whole numbers of 8 to 32 bits, floating point of
 * 32, A-law and µ-law; also one written to a pipe, whose sizes are not true. Throws one clause that says what is wrong
 * with it, or that it is longer than `longestSeconds`.
 * Source: Multimedia Programming Interface 1.0, Microsoft 1991; WAVEFORMATEXTENSIBLE, Microsoft 2001.
 */
export function readWav(file: Buffer, longestSeconds = Infinity): Samples {
  const word = (at: number) => file.toString('latin1', at, at + 4)
  if (word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new Error('it is no WAV file')
  let format: Format | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const [name, size, body] = [word(at), file.readUInt32LE(at + 4), at + 8]
    if (name === 'fmt ') format = readFormat(file.subarray(body, body + size))
    if (name === 'data') {
      if (!format) break
      const sound = file.subarray(body, bodyEnd(file, body, size))
      return { samples: mixed(sound, format, longestSeconds), rate: format.rate }
    }
    at = body + size + (size % 2)
  }
  throw new Error('it is damaged: a WAV file without a sound in it')
}

type Format = { rate: number; channels: number; bytes: number; read: (body: Buffer, at: number) => number }

/** By format and bits a sample: how a sample becomes one of 16 bits. */
const readers: Record<string, Format['read']> = {
  '1/8': (body, at) => (body.readUInt8(at) - 128) * 256,
  '1/16': (body, at) => body.readInt16LE(at),
  '1/24': (body, at) => body.readIntLE(at, 3) / 256,
  '1/32': (body, at) => body.readInt32LE(at) / 65_536,
  '3/32': (body, at) => body.readFloatLE(at) * 32_768,
  '6/8': (body, at) => fromALaw(body.readUInt8(at)),
  '7/8': (body, at) => fromMuLaw(body.readUInt8(at)),
}

function readFormat(body: Buffer): Format {
  if (body.length < 16) throw new Error('it is damaged: the header of the WAV file is too short')
  const named = body.readUInt16LE(0)
  // The "extensible" form, of 24 bits and of many channels, has its true format further behind.
  const format = named === 0xfffe && body.length >= 26 ? body.readUInt16LE(24) : named
  const [channels, rate, bits] = [body.readUInt16LE(2), body.readUInt32LE(4), body.readUInt16LE(14)]
  const read = readers[`${format}/${bits}`]
  if (!read) throw new Error(`it is a WAV file of a rare kind (format ${format}, ${bits} bits); save it with 16 bits`)
  refuseRate(rate)
  refuseChannels(channels)
  return { rate, channels, bytes: bits / 8, read }
}

/** Where the sound ends. Who writes to a pipe knows no sizes, and writes 0 or a very large one. */
function bodyEnd(file: Buffer, body: number, size: number): number {
  if (size === 0 || size >= 0x7ff0_0000) return file.length
  if (body + size <= file.length) return body + size
  throw new Error(`it is cut off: ${file.length - body} of ${size} bytes are there; make or copy it anew`)
}

function mixed(body: Buffer, { rate, channels, bytes, read }: Format, longestSeconds: number): Int16Array {
  const length = Math.floor(body.length / (bytes * channels))
  refuseLength(length, rate, longestSeconds)
  const samples = new Int16Array(length)
  let at = 0
  for (let n = 0; n < samples.length; n++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++, at += bytes) sum += read(body, at)
    samples[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum / channels)))
  }
  return samples
}

/** Before anything is made of the samples. */
export function refuseLength(samples: number, rate: number, longestSeconds: number): void {
  if (samples <= longestSeconds * rate) return
  const most = longestSeconds % 60 === 0 ? `${longestSeconds / 60} minutes` : `${Math.round(longestSeconds)} s`
  throw new Error(`it is longer than ${most}; make it shorter`)
}

export function refuseRate(rate: number): void {
  if (rate < 4000 || rate > 192_000) throw new Error(`it is damaged: ${rate} samples a second`)
}

function header(bytes: number): Buffer {
  const start = Buffer.alloc(headerBytes)
  start.write('RIFF', 0, 'latin1')
  start.writeUInt32LE(headerBytes - 8 + bytes, 4)
  start.write('WAVEfmt ', 8, 'latin1')
  start.writeUInt32LE(16, 16)
  start.writeUInt16LE(1, 20) // PCM
  start.writeUInt16LE(1, 22) // one channel
  start.writeUInt32LE(telephoneRate, 24)
  start.writeUInt32LE(telephoneRate * 2, 28)
  start.writeUInt16LE(2, 32)
  start.writeUInt16LE(16, 34)
  start.write('data', 36, 'latin1')
  start.writeUInt32LE(bytes, 40)
  return start
}

const bigEndian = endianness() === 'BE'

function littleEndian(bytes: Buffer): Int16Array {
  const copy = Buffer.from(new ArrayBuffer(bytes.length & ~1))
  bytes.copy(copy)
  if (bigEndian) copy.swap16()
  return new Int16Array(copy.buffer, 0, copy.length / 2)
}
