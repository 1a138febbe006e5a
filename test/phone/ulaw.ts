/** ITU-T G.711 µ-law, as tables: 8,000 bytes a second, one per sample. */

/** The byte for the smallest amplitude: what a phone sends when nobody speaks. */
export const ULAW_SILENCE = 0xff

const decoded = Int16Array.from({ length: 256 }, (_, byte) => decodeByte(byte))
const encoded = Uint8Array.from({ length: 16_384 }, (_, index) => encodeSample(((index << 18) >> 18) * 4 + 3))

/** Samples of µ-law bytes, 16 bit. */
export function fromUlaw(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) samples[i] = decoded[bytes[i] ?? 0] ?? 0
  return samples
}

/**
 * µ-law bytes of 16-bit samples. Four neighbours share a code, that of the highest, as in Asterisk
 * (`AST_LIN2MU`), so that a sound it plays can be recognised byte by byte.
 */
export function toUlaw(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) bytes[i] = encoded[((samples[i] ?? 0) & 0xffff) >> 2] ?? ULAW_SILENCE
  return bytes
}

/** Mean power of µ-law bytes relative to full scale, in dB; -Infinity never, -96 at least. */
export function loudness(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i++) sum += (decoded[bytes[i] ?? 0] ?? 0) ** 2
  return Math.max(-96, 10 * Math.log10(sum / Math.max(1, bytes.length) / 32_768 ** 2))
}

function decodeByte(byte: number): number {
  const bits = ~byte & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84
  return (bits & 0x80) === 0 ? magnitude : -magnitude
}

function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84
  const segment = Math.max(0, 24 - Math.clz32(magnitude))
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff
}
