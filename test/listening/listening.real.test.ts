import assert from 'node:assert/strict'
import { needsAsterisk } from '../real/needs-asterisk.ts'
import type { Station } from '../real/station.ts'
import type { Conversation, HeardPrompt } from './conversation.ts'
import { clicks, levelOf, silences } from './quality.ts'
import { heard, scenes, vaccinationStation } from './vaccination.ts'

/** Between sentences a pause helps; within one it is a gap. Milliseconds. */
const LONGEST_GAP = 150
const LONGEST_PAUSE = 400
/** All prompts are as loud, within so many dB. */
const SPREAD = 3

/** The vaccination hotline as a caller hears it: real Asterisk, real RTP. `npm run listen` keeps what is heard. */
describe('what callers hear', function () {
  this.timeout(180_000)
  let station: Station
  let conversations: { name: string; conversation: Conversation }[] = []

  before(async function () {
    await needsAsterisk(this)
    station = await vaccinationStation()
    const all = scenes.flatMap((scene) => (['en', 'de'] as const).map(async (language) => {
      return { name: `${scene.name}, ${language}`, conversation: await heard(station, scene, language) }
    }))
    conversations = await Promise.all(all)
  })
  after(async () => {
    await station?.close()
  })

  const each = (find: (prompt: HeardPrompt) => unknown[]): string[] =>
    conversations.flatMap(({ name, conversation }) =>
      conversation.prompts.flatMap((prompt) => find(prompt).map((one) => `${name}: ${prompt.text}: ${JSON.stringify(one)}`)))

  it('every prompt comes over the wire whole, byte by byte, as it was made', () => {
    assert.deepEqual(each(({ whole }) => (whole ? [] : ['not whole'])), [])
    assert.ok(conversations.every(({ conversation }) => conversation.prompts.length > 5))
  })

  it('nothing clicks', () => {
    assert.deepEqual(each(({ samples }) => clicks(samples)), [])
  })

  it('no silence over 150 ms within a sentence, and none over 400 ms between two', () => {
    assert.deepEqual(each(({ text, samples }) => {
      const long = silences(samples).filter(({ ms }) => ms > LONGEST_GAP)
      const ends = [...text.matchAll(/[.!?:](?=\s)/g)].length
      return long.length > ends || long.some(({ ms }) => ms > LONGEST_PAUSE) ? [{ ends, long }] : []
    }), [])
  })

  it('all prompts are as loud, within 3 dB', () => {
    const levels = conversations.flatMap(({ conversation }) => conversation.prompts.map(({ samples }) => levelOf(samples)))
    const spread = Math.max(...levels) - Math.min(...levels)
    assert.ok(spread <= SPREAD, `${spread.toFixed(1)} dB apart`)
  })
})
