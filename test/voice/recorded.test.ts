import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { contentHash } from '../../engine/audio-folder.ts'
import type { Sound } from '../../engine/ports.ts'
import type { RecordingFile } from '../../engine/voice/recorded.ts'
import { wavOf } from '../../engine/sound/wav.ts'
import { Bed, part, prompt } from './bed.ts'
import { TestVoice } from './test-voice.ts'

describe('recordings instead of voices', () => {
  let bed: Bed
  let voice: TestVoice
  let audio = ''
  beforeEach(() => {
    bed = new Bed()
    voice = new TestVoice('test')
    audio = join(bed.folder, 'audio')
    fs.mkdirSync(audio)
  })
  afterEach(() => bed.end())

  const voices = () => bed.voices({ voices: [voice] })

  /** A recording of a tone, with silence around it. */
  function recorded(name: string, seconds: number): RecordingFile {
    const samples = Int16Array.from({ length: 8000 * (seconds + 2) }, (_, n) => {
      const spoken = n > 8000 && n < 8000 * (seconds + 1)
      return spoken ? 5000 * Math.sin(n / 3) * Math.sin(n / 900) : 2 * Math.sin(n)
    })
    const file = join(audio, name)
    fs.writeFileSync(file, wavOf(samples))
    return { file, hash: contentHash(fs.readFileSync(file)) }
  }

  it('are played, and no voice is asked', async () => {
    const welcome = recorded('welcome.wav', 2)
    const made = voices()
    made.know([welcome])
    const sound = await made.sound([part('Welcome.', { recording: welcome.hash })])
    assert.ok(sound.ms > 1900 && sound.ms < 2500, `${sound.ms} ms: without the silence around it`)
    assert.deepEqual([voice.asked, voice.lookedFor], [[], 0])
  })

  it('are joined with what voices say', async () => {
    const welcome = recorded('welcome.wav', 2)
    const made = voices()
    made.know([welcome])
    const alone = await made.sound([part('Welcome.', { recording: welcome.hash })])
    const both = await made.sound([part('Welcome.', { recording: welcome.hash }), part('Hello')])
    assert.equal(both.ms, alone.ms + 200 + 500)
    assert.deepEqual(voice.asked, ['Hello'])
  })

  it('are prepared, though a voice has spoken the text before', async () => {
    const made = voices()
    const spoken = await made.sound(prompt('Welcome.'))
    const welcome = recorded('welcome.wav', 2)
    made.know([welcome])
    const fixed = [part('Welcome.', { recording: welcome.hash })]
    assert.deepEqual(await made.prepare([fixed]), { made: 1, missing: [] })
    assert.notEqual((made.sound(fixed) as Sound).id, spoken.id)
    assert.deepEqual(await made.prepare([fixed]), { made: 0, missing: [] })
  })

  it('are still heard by calls that began on them, when their file has been replaced or removed', async () => {
    const old = recorded('welcome.wav', 2)
    const before = voices()
    before.know([old])
    const sound = await before.sound([part('Welcome.', { recording: old.hash })])
    const now = recorded('welcome.wav', 3)
    const after = voices()
    after.know([now])
    assert.deepEqual(after.sound([part('Welcome.', { recording: old.hash })]), sound)
    assert.notEqual((await after.sound([part('Welcome!', { recording: now.hash })])).id, sound.id)
    assert.deepEqual(voice.asked, [])
  })

  const broken: [name: string, spoil: (file: string) => void, why: RegExp][] = [
    ['are gone', (file) => fs.rmSync(file), /ENOENT/],
    ['have been replaced', (file) => fs.appendFileSync(file, 'x'), /it has been replaced/],
  ]
  for (const [name, spoil, why] of broken) {
    it(`that ${name} are spoken by a voice, which is said once`, async () => {
      const welcome = recorded('welcome.wav', 2)
      const made = voices()
      made.know([welcome])
      spoil(welcome.file)
      const fixed = [part('Welcome', { recording: welcome.hash })]
      assert.deepEqual(await made.prepare([fixed]), { made: 1, missing: [] })
      assert.equal((await made.sound(fixed)).ms, 700)
      await made.prepare([fixed])
      assert.equal(bed.said.length, 1)
      assert.match(bed.said[0]!, why)
      assert.match(bed.said[0]!, /^the recording .*welcome\.wav cannot be played: .*; a voice speaks instead$/)
    })
  }

  it('that could not be read for a while are played again, with nobody reading their hotline anew', async () => {
    const welcome = recorded('welcome.wav', 2)
    const made = voices()
    made.know([welcome])
    fs.renameSync(welcome.file, `${welcome.file}.away`)
    const fixed = [part('Welcome', { recording: welcome.hash })]
    await made.prepare([fixed])
    fs.renameSync(`${welcome.file}.away`, welcome.file)
    assert.equal((made.sound(fixed) as Sound).ms, 700, 'no caller waits for it')
    bed.clock.pass(30_000)
    await bed.until(() => (made.sound(fixed) as Sound).ms > 1900)
    await bed.until(() => bed.said.length === 2)
    assert.match(bed.said[1]!, /^the recording .*welcome\.wav can be played again$/)
    assert.equal(bed.clock.pending, 0, 'nothing is tried any more')
  })

  it('that hold no sound are spoken by a voice, until they are read anew', async () => {
    const file = join(audio, 'welcome.wav')
    fs.writeFileSync(file, '<html>')
    const made = voices()
    made.know([{ file, hash: contentHash(Buffer.from('<html>')) }])
    const fixed = [part('Welcome', { recording: contentHash(Buffer.from('<html>')) })]
    assert.equal((await made.sound(fixed)).ms, 700)
    assert.match(bed.said[0]!, /cannot be played: it is a web page/)
    const good = recorded('welcome.wav', 2)
    made.know([good])
    const mended = [part('Welcome', { recording: good.hash })]
    await made.prepare([mended])
    assert.ok((made.sound(mended) as Sound).ms > 1900)
  })
})
