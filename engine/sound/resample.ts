/** Samples a second on the telephone (G.711). */
export const telephoneRate = 8000

/** How far the filter reaches to either side, in zero crossings. More is steeper and slower. */
const crossings = 13
/** Of the Kaiser window; 60 dB down beyond the edge. */
const beta = 5.65

/** Filters by rate; a voice has one rate, so there are hardly ever two. */
const filters = new Map<number, Polyphase>()

type Polyphase = { up: number; down: number; reach: number; taps: Float64Array[] }

/**
 * Samples at `rate` turned into 8,000 a second: flat to 3.4 kHz, everything from 4.6 kHz on 60 dB down, so that
 * nothing folds back into what is heard. Windowed sinc in polyphase form; no delay.
 * Source: Crochiere and Rabiner, Multirate Digital Signal Processing, 1983.
 */
export function forTelephone(samples: Int16Array, rate: number): Int16Array {
  if (rate === telephoneRate) return samples
  const { up, down, reach, taps } = filterFor(rate)
  const out = new Int16Array(Math.ceil((samples.length * up) / down))
  for (let n = 0; n < out.length; n++) {
    const at = n * down
    const middle = Math.floor(at / up)
    const phase = taps[at % up]
    if (!phase) break
    const from = Math.max(0, middle - reach + 1)
    const to = Math.min(samples.length - 1, middle + reach)
    const shift = reach - 1 - middle
    let sum = 0
    for (let k = from; k <= to; k++) sum += samples[k]! * phase[k + shift]!
    out[n] = Math.max(-32768, Math.min(32767, Math.round(sum)))
  }
  return out
}

function filterFor(rate: number): Polyphase {
  const known = filters.get(rate)
  if (known) return known
  if (!Number.isInteger(rate) || rate < 4000 || rate > 192_000) throw new RangeError(`${rate} samples a second`)
  const common = gcd(rate, telephoneRate)
  const up = telephoneRate / common
  // Cut-off as a share of half the incoming rate: half the smaller of both rates.
  const cutoff = Math.min(1, telephoneRate / rate)
  const reach = Math.ceil(crossings / cutoff)
  const taps = Array.from({ length: up }, (_, phase) => phaseTaps(phase / up, reach, cutoff))
  const filter = { up, down: rate / common, reach, taps }
  filters.set(rate, filter)
  return filter
}

/** The weights of the samples around a point that lies `fraction` of a sample after one; together they are 1. */
function phaseTaps(fraction: number, reach: number, cutoff: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const distance = k - reach + 1 - fraction
    const inside = 1 - (distance / reach) ** 2
    return inside <= 0 ? 0 : cutoff * sinc(distance * cutoff) * bessel(beta * Math.sqrt(inside))
  })
  const sum = taps.reduce((all, tap) => all + tap, 0)
  return taps.map((tap) => tap / sum)
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** Modified Bessel function of order zero, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
