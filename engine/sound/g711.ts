/** The 16 bit sample that a byte of A-law stands for. Source: ITU-T G.711. */
export function fromALaw(byte: number): number {
  const bits = byte ^ 0x55
  const segment = (bits & 0x70) >> 4
  const step = ((bits & 0x0f) << 4) + 8
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return bits & 0x80 ? size : -size
}

/** The 16 bit sample that a byte of µ-law stands for. Source: ITU-T G.711. */
export function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84
  return bits & 0x80 ? -size : size
}
