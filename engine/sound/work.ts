import { telephoneRate, forTelephone } from './resample.ts'
import type { Samples } from './samples.ts'
import { soundKind } from './sound-kind.ts'
import { take, type Take } from './take.ts'
import { Refusal, unpack } from './unpack.ts'
import { readWav } from './wav.ts'

/** A file to be read. `longest`: in seconds; nothing that lasts longer is read. `as`: what is wanted of it. */
export type SoundTask = { bytes: Uint8Array<ArrayBuffer>; longest: number; as: 'sound' | 'take' }

/** What came of it, 8,000 samples a second, or why nothing did. */
export type SoundAnswer = Samples | Take | { why: string }

/** Everything that takes long with a file of sound; see thread.ts. Never rejects. */
export async function work({ bytes, longest, as }: SoundTask): Promise<SoundAnswer> {
  try {
    const file = Buffer.from(bytes.buffer)
    const { kind, begin } = soundKind(file)
    const { samples, rate } = kind === 'wav' ? readWav(file, longest) : await unpackedFrom(kind, file.subarray(begin), longest)
    if (samples.length === 0) throw new Refusal('it holds no sound')
    return as === 'take' ? take(samples, rate) : { samples: forTelephone(samples, rate), rate: telephoneRate }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
}

const unpackedFrom: typeof unpack = (kind, file, longest) =>
  unpack(kind, file, longest).catch((error: unknown) => {
    throw error instanceof Refusal ? error : new Error(`it is damaged: ${error instanceof Error ? error.message : error}`)
  })
