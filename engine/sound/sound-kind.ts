/** A file that must be unpacked. */
export type PackedKind = 'mp3' | 'flac' | 'vorbis' | 'opus'

/** No recording has more; a file that claims 255 takes 255 times the memory. */
export const mostChannels = 8

const cutOff = 'it is cut off; make or copy it anew'
const saveAs = 'save it as WAV, MP3, FLAC or Ogg'

/** Other files that people take for a sound that we can read, by how they begin. */
const others: [is: string, begin: RegExp][] = [
  ['an M4A or MP4 file', /^.{4}ftyp/s],
  ['a WebM or Matroska file', /^.E\xdf\xa3/s],
  ['an AIFF file', /^FORM.{4}AIF/s],
  ['a Windows Media file', /^0&\xb2u/],
  ['an AMR file', /^#!AMR/],
  ['an AAC file', /^\xff[\xf0\xf1\xf8\xf9]/],
]

/**
 * What kind of sound the bytes are, whatever it is called, and where it begins. Throws one clause that says why they
 * are none.
 */
export function soundKind(bytes: Buffer): { kind: 'wav' | PackedKind; begin: number } {
  const start = bytes.toString('latin1', 0, 64)
  if (bytes.length === 0) throw new Error('it is empty')
  if (/^RIFF.{4}WAVE/s.test(start)) return { kind: 'wav', begin: 0 }
  if (start.startsWith('OggS')) return { kind: oggKind(bytes), begin: 0 }
  const begin = tagBytes(bytes)
  if (bytes.toString('latin1', begin, begin + 4) === 'fLaC') return { kind: 'flac', begin }
  if (isMpeg(bytes.subarray(begin))) return { kind: 'mp3', begin }
  const [other] = others.find(([, begin]) => begin.test(start)) ?? []
  if (other) throw new Error(`it is ${other}; ${saveAs}`)
  if (/^\s*<(!doctype html|html|head|body)/i.test(start)) throw new Error('it is a web page, not a sound')
  if (!/[^\P{Cc}\s]/u.test(bytes.toString('utf8', 0, 512))) throw new Error('it is a text, not a sound')
  throw new Error(`it is neither WAV, MP3, FLAC nor Ogg, or its beginning is damaged; ${saveAs}`)
}

/**
 * Of an Ogg file, which is looked at page by page to its end: its decoders play what is damaged as noise.
 * Source: RFC 3533.
 */
function oggKind(bytes: Buffer): PackedKind {
  let at = 0
  let isLast = false
  while (at < bytes.length) {
    const sizes = bytes.subarray(at + 27, at + 27 + (bytes[at + 26] ?? 0))
    const length = 27 + sizes.length + sizes.reduce((sum, size) => sum + size, 0)
    const page = bytes.subarray(at, at + length)
    at += length
    if (at > bytes.length) break
    if (page.toString('latin1', 0, 4) !== 'OggS' || !hasItsSum(page)) throw new Error('it is damaged; make it anew')
    isLast = ((page[5] ?? 0) & 4) !== 0
  }
  if (at > bytes.length || !isLast) throw new Error(cutOff)
  const packet = bytes.subarray(27 + (bytes[26] ?? 0))
  const name = packet.toString('latin1', 0, 8)
  const kind = name.startsWith('\x01vorbis') ? 'vorbis' : name === 'OpusHead' ? 'opus' : undefined
  if (!kind) throw new Error(`it is an Ogg file with neither Vorbis nor Opus in it; ${saveAs}`)
  refuseChannels(packet[kind === 'vorbis' ? 11 : 9] ?? 0)
  return kind
}

const sums = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0)
  return sum
})

/** Whether the check sum of an Ogg page is right; it is made with its own four bytes as zeros. */
function hasItsSum(page: Buffer): boolean {
  let sum = 0
  for (let n = 0; n < page.length; n++) {
    const byte = n >= 22 && n < 26 ? 0 : (page[n] ?? 0)
    sum = (sum << 8) ^ (sums[((sum >>> 24) ^ byte) & 255] ?? 0)
  }
  return sum === page.readInt32LE(22)
}

export function refuseChannels(channels: number): void {
  if (channels < 1) throw new Error('it is damaged: it has no channel')
  if (channels > mostChannels) throw new Error(`it has ${channels} channels; save it with one`)
}

/** Length of an ID3v2 tag: the title and the picture of a record, before the sound. Source: id3.org, ID3v2.4. */
function tagBytes(bytes: Buffer): number {
  if (bytes.toString('latin1', 0, 3) !== 'ID3' || bytes.length < 10) return 0
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10)
  return 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127))
}

const bitRates = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const sampleRates = [44_100, 48_000, 32_000]

/** Whether an MP3 begins here: a frame, and after it another one or the end. Throws when its last frame is cut off. */
function isMpeg(bytes: Buffer): boolean {
  let [at, frames] = [0, 0]
  for (let length = frameBytes(bytes, 0); length !== undefined; length = frameBytes(bytes, at)) {
    at += length
    frames++
  }
  if (at > bytes.length && frames > 1) throw new Error(cutOff)
  return frames > 1 || (frames === 1 && at === bytes.length)
}

/** Length of an MPEG audio layer III frame. Source: ISO 11172-3, 2.4.2.3. */
function frameBytes(bytes: Buffer, at: number): number | undefined {
  const head = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0
  const [version, layer, bits, rate] = [(head >>> 19) & 3, (head >>> 17) & 3, (head >>> 12) & 15, (head >>> 10) & 3]
  if (head >>> 21 !== 0x7ff || version === 1 || layer !== 1) return undefined
  const [kilobits, hertz] = [bitRates[version === 3 ? 'one' : 'two'][bits], sampleRates[rate]]
  if (!kilobits || !hertz) return undefined
  const slower = version === 3 ? 1 : version === 2 ? 2 : 4
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kilobits * slower) / hertz) + ((head >>> 9) & 1)
}
