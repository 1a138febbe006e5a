import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { soundId, SoundStore } from '../../engine/voice/store.ts'
import { samplesOf } from '../../engine/voice/wav.ts'

const samples = new Int16Array(800).fill(7)

describe('the store of sounds', () => {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'callwright-sounds-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const id = soundId('Hello', 'en', 'voice 1')

  it('names sounds by what they are made from', () => {
    assert.match(id, /^[0-9a-f]{32}$/)
    assert.equal(soundId('Hello', 'en', 'voice 1'), id)
    const others = [['Hello', 'de', 'voice 1'], ['Hello', 'en', 'voice 2'], ['Hell', 'oen', 'voice 1']]
    assert.equal(new Set([id, ...others.map((from) => soundId(...from))]).size, 4)
  })

  it('finds what it kept, also after a new start', async () => {
    const kept = await new SoundStore(folder).keep(id, samples, 0)
    assert.deepEqual(kept, { id, file: join(folder, `${id}.wav`), ms: 100 })
    assert.deepEqual(samplesOf(fs.readFileSync(kept.file)), samples)
    const again = new SoundStore(folder)
    assert.deepEqual(again.find(id, 0), kept)
    assert.deepEqual(await again.samples(kept), samples)
    assert.equal(again.find(soundId('other'), 0), undefined)
  })

  it('makes its folder', async () => {
    const deep = join(folder, 'a', 'b')
    await new SoundStore(deep).keep(id, samples, 0)
    assert.deepEqual(fs.readdirSync(deep), [`${id}.wav`])
  })

  it('does not take a file that was cut off, whenever that happened', async () => {
    const store = new SoundStore(folder)
    const { file } = await store.keep(id, samples, 0)
    for (const size of [1643, 1000, 44, 20, 0]) {
      fs.truncateSync(file, size)
      assert.equal(store.find(id, 0), undefined)
      if (size !== 44) assert.equal(new SoundStore(folder).size, 0)
      await store.keep(id, samples, 0)
      assert.ok(store.find(id, 0))
    }
    fs.rmSync(file)
    assert.equal(store.find(id, 0), undefined)
    await assert.rejects(store.samples({ id, file, ms: 100 }))
  })

  it('clears away what was not finished, leaves alone what is not its own, and follows no link', async () => {
    const { file } = await new SoundStore(folder).keep(id, samples, 0)
    fs.writeFileSync(join(folder, `${id}.1.1.tmp`), 'half')
    fs.writeFileSync(join(folder, 'notes.txt'), 'mine')
    fs.symlinkSync(file, join(folder, `${soundId('link')}.wav`))
    fs.mkdirSync(join(folder, `${soundId('folder')}.wav`))
    const store = new SoundStore(folder)
    assert.equal(store.size, 1)
    assert.ok(fs.existsSync(join(folder, 'notes.txt')))
    assert.ok(!fs.existsSync(join(folder, `${id}.1.1.tmp`)))
  })

  it('leaves nothing behind when it cannot write', async () => {
    const store = new SoundStore(folder)
    fs.mkdirSync(join(folder, `${id}.wav`))
    await assert.rejects(store.keep(id, samples, 0))
    assert.deepEqual(fs.readdirSync(folder), [`${id}.wav`])
    assert.equal(store.find(id, 0), undefined)
  })

  it('forgets what was not heard for long, but not what it must keep', async () => {
    const store = new SoundStore(folder)
    const [old, used, fixed] = [soundId('old'), soundId('used'), soundId('fixed')]
    for (const each of [old, used, fixed]) await store.keep(each, samples, 1000)
    store.find(used, 5000)
    assert.equal(await store.forget(2000, new Set([fixed])), 1)
    assert.equal(store.find(old, 6000), undefined)
    assert.deepEqual(fs.readdirSync(folder).sort(), [`${fixed}.wav`, `${used}.wav`].sort())
  })
})
