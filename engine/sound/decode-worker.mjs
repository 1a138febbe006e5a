// Unpacks sound files for decode.ts, in a thread of its own, one after another. Plain JavaScript, so that it needs no
// loader. Messages in: { kind, bytes, longestSeconds }; out for each: { samples, rate } or { why }.
import { parentPort } from 'node:worker_threads'

// The decoders tell an error here and then go on; mpg123-decoder 1.0.3 does so for ever over some damaged files.
console.error = (message) => {
  throw new Error(String(message).replace(/^\S+:\s*/, ''))
}

/** Small, since a few bytes can unpack to megabytes: what comes of one piece is looked at before the next. */
const pieceBytes = 4096

const decoders = {
  mp3: async () => new (await import('mpg123-decoder')).MPEGDecoder(),
  flac: async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  vorbis: async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
  opus: async () => new (await import('ogg-opus-decoder')).OggOpusDecoder(),
}

parentPort.on('message', (task) => void answer(task))

async function answer(task) {
  try {
    const sound = await unpack(task)
    parentPort.postMessage(sound, [sound.samples.buffer])
  } catch (error) {
    parentPort.postMessage({ why: error.plain ? error.message : `it is damaged: ${error.message}` })
  }
}

async function unpack({ kind, bytes, longestSeconds }) {
  const decoder = await decoders[kind]()
  await decoder.ready
  const mixed = []
  let [rate, length] = [0, 0]
  const take = ({ channelData, sampleRate, samplesDecoded, errors }) => {
    if (errors.length > 0) throw new Error(errors[0].message)
    if (samplesDecoded <= 0) return
    if (rate !== 0 && sampleRate !== rate) throw plain('its sample rate changes in the middle; save it as one sound')
    rate = sampleRate
    length += samplesDecoded
    if (length > longestSeconds * rate) throw plain(`it is longer than ${longestSeconds / 60} minutes; make it shorter`)
    mixed.push(mix(channelData, samplesDecoded))
  }
  for (let at = 0; at < bytes.length; at += pieceBytes) take(await decoder.decode(bytes.subarray(at, at + pieceBytes)))
  if (decoder.flush) take(await decoder.flush())
  if (kind === 'flac' && length < samplesOfFlac(bytes)) throw plain('it is damaged or cut off; make or copy it anew')
  const samples = new Int16Array(length)
  let at = 0
  for (const piece of mixed) {
    samples.set(piece, at)
    at += piece.length
  }
  return { samples, rate }
}

/** The mean of all channels. */
function mix(channels, length) {
  const out = new Int16Array(length)
  for (let n = 0; n < length; n++) {
    let sum = 0
    for (const channel of channels) sum += channel[n] ?? 0
    out[n] = Math.max(-32768, Math.min(32767, Math.round((sum / channels.length) * 32768)))
  }
  return out
}

/** As its header has it; 0 when that does not know. Source: RFC 9639, 8.2. */
function samplesOfFlac(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return bytes.length < 26 ? 0 : (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22)
}

/** What is said as it is. */
function plain(message) {
  return Object.assign(new Error(message), { plain: true })
}
