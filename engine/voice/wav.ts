import { endianness } from 'node:os'
import { telephoneRate } from './resample.ts'

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
 * The samples and rate of any plain WAV of one channel and 16 bit, also of one written to a pipe, whose sizes are
 * not true. Undefined when it is something else. Source: Multimedia Programming Interface 1.0, Microsoft 1991.
 */
export function readWav(file: Buffer): { samples: Int16Array; rate: number } | undefined {
  const word = (at: number) => file.toString('latin1', at, at + 4)
  if (word(0) !== 'RIFF' || word(8) !== 'WAVE') return undefined
  let rate = 0
  for (let at = 12; at + 8 <= file.length; ) {
    const [name, size, body] = [word(at), file.readUInt32LE(at + 4), at + 8]
    if (name === 'fmt ') {
      if (size < 16 || body + 16 > file.length) return undefined
      const plain = file.readUInt16LE(body) === 1 && file.readUInt16LE(body + 2) === 1
      if (!plain || file.readUInt16LE(body + 14) !== 16) return undefined
      rate = file.readUInt32LE(body + 4)
    }
    if (name === 'data') return rate > 0 ? { samples: littleEndian(file.subarray(body, body + size)), rate } : undefined
    at = body + size + (size % 2)
  }
  return undefined
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
