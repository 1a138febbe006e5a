import { readFile, writeFile } from 'node:fs/promises'

/** Samples per second of everything here: telephone quality. */
export const SAMPLE_RATE = 8000

/** Reads a mono 16-bit PCM WAV file of 8,000 samples a second. */
export async function readWav(path: string): Promise<Int16Array> {
  return samplesOf(await readFile(path), path)
}

/** Writes samples as a mono 16-bit PCM WAV file of 8,000 samples a second. */
export async function writeWav(path: string, samples: Int16Array): Promise<void> {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16) // length of this chunk
  header.writeUInt16LE(1, 20) // PCM
  header.writeUInt16LE(1, 22) // channels
  header.writeUInt32LE(SAMPLE_RATE, 24)
  header.writeUInt32LE(SAMPLE_RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(data.length, 40)
  await writeFile(path, Buffer.concat([header, data]))
}

/** A pure tone of `hz` for `ms` milliseconds; a quarter of full scale, -15 dB, unless told. */
export function tone(hz: number, ms: number, amplitude = 0.25): Int16Array {
  return Int16Array.from({ length: (ms * SAMPLE_RATE) / 1000 }, (_, i) => amplitude * 32_767 * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE))
}

function samplesOf(file: Buffer, path: string): Int16Array {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') throw new Error(`${path} is no WAV file`)
  let format = ''
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const start = at + 8
    if (name === 'fmt ') format = `${file.readUInt16LE(start + 2)} x ${file.readUInt32LE(start + 4)} Hz, ${file.readUInt16LE(start + 14)} bit`
    if (name === 'data') {
      if (format !== `1 x ${SAMPLE_RATE} Hz, 16 bit`) throw new Error(`${path} is ${format}, but must be 1 x ${SAMPLE_RATE} Hz, 16 bit`)
      const bytes = file.subarray(start, Math.min(start + length, file.length))
      return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2))
    }
    at = start + length + (length & 1)
  }
  throw new Error(`${path} has no data chunk`)
}
