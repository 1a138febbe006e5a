import { setTimeout as passes } from 'node:timers/promises'
import type { Prompt } from '../../engine/call/effects.ts'
import type { CallNote } from '../../engine/call/notes.ts'
import { readWav } from '../phone/wav.ts'
import type { PhoneCall } from '../phone/phone.ts'
import type { Station } from '../real/station.ts'

/** A caller with patience: hears every prompt to its end, and then presses what stands behind it. */
export type Turn = { hears: string; presses?: string }

/** One prompt as it came over the wire. `from` and `ms`: where in the recording, in milliseconds. */
export type HeardPrompt = {
  text: string
  language: string
  from: number
  ms: number
  /** It came byte for byte as its file has it, from begin to end. */
  whole: boolean
  /** What its file holds. */
  samples: Int16Array
}

export type Conversation = { samples: Int16Array; prompts: HeardPrompt[] }

/** How long a caller thinks before a key, in milliseconds. */
const THINKS = 600

/** Dials, holds the conversation, and gives what came over the wire. Throws where it goes another way. */
export async function listenTo(station: Station, dial: { number: string; from: string }, turns: Turn[]): Promise<Conversation> {
  const phone = await station.phone()
  const call = await phone.dial(dial.number, { from: dial.from })
  const { call: id } = await station.until(
    () => station.notes.find((note) => note.type === 'arrived' && note.facts.caller === dial.from), 5000, 'the call did not arrive')
  let next = 0
  for (const { hears, presses } of turns) {
    const found = await station.until(() => promptAfter(station.notes, id, next, hears), 20_000, () => `"${hears}" was not said in ${dial.from}: ${call.transcript()}`)
    next = found.index + 1
    await learn(station, found.prompt)
    // Not before the phone knows it: what it has looked at once stays what it was taken for.
    call.playings()
    if (presses === undefined) continue
    await passes(found.ms + THINKS)
    await call.press(presses, { ms: 80 })
  }
  await call.ended({ within: 30_000 })
  return { samples: call.recording(), prompts: await promptsOf(station, id, call) }
}

type Found = { index: number; prompt: Prompt; ms: number }

function promptAfter(notes: readonly CallNote[], call: string, from: number, words: string): Found | undefined {
  for (let index = from; index < notes.length; index++) {
    const note = notes[index]!
    if (note.call !== call || note.type !== 'prompt') continue
    if (note.prompt.some(({ text }) => text.includes(words))) return { index, prompt: note.prompt, ms: note.ms ?? 0 }
  }
  return undefined
}

/** The phone is to know the whole prompt, as one sound. */
async function learn(station: Station, prompt: Prompt): Promise<string> {
  const { id, file } = await station.voices.sound(prompt)
  const samples = await readWav(file)
  // Another caller may have learnt it meanwhile.
  if (!station.sounds.has(id)) station.sounds.add(id, samples)
  return id
}

async function promptsOf(station: Station, id: string, call: PhoneCall): Promise<HeardPrompt[]> {
  const said = station.notes.flatMap((note) => (note.call === id && note.type === 'prompt' ? [note.prompt] : []))
  const first = call.frames[0]!
  const playings = call.playings()
  let next = 0
  const heard: HeardPrompt[] = []
  for (const prompt of said) {
    const sound = await station.voices.sound(prompt)
    const index = playings.findIndex(({ names }, i) => i >= next && names.includes(sound.id))
    const playing = playings[index]
    if (index >= 0) next = index + 1
    heard.push({
      text: prompt.map(({ text }) => text).join(' '),
      language: prompt[0]!.language,
      from: playing ? Math.round(playing.began - first.at) : NaN,
      ms: sound.ms,
      whole: playing?.complete ?? false,
      samples: await readWav(sound.file),
    })
  }
  return heard
}
