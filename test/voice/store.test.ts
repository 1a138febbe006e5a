import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { soundId, SoundStore } from '../../engine/voice/store.ts'
import { samplesOf } from '../../engine/sound/wav.ts'

const samples = new Int16Array(800).fill(7)
/** The bytes of such a sound as a file. */
const size = 44 + 2 * samples.length
const hour = 3_600_000
const day = 24 * hour
/** When all of this takes place. */
const now = Date.UTC(2026, 10, 23)
const unlimited = { unheardFor: 7 * day, mostBytes: Infinity }

describe('the store of sounds', () => {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'callwright-sounds-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  const id = soundId('Hello', 'en', 'voice 1')
  const files = () => fs.readdirSync(folder).sort()
  const inOrder = (...ids: string[]) => ids.map((one) => `${one}.wav`).sort()

  it('names sounds by what they are made from', () => {
    assert.match(id, /^[0-9a-f]{32}$/)
    assert.equal(soundId('Hello', 'en', 'voice 1'), id)
    const others = [['Hello', 'de', 'voice 1'], ['Hello', 'en', 'voice 2'], ['Hell', 'oen', 'voice 1']]
    assert.equal(new Set([id, ...others.map((from) => soundId(...from))]).size, 4)
  })

  it('finds what it kept, also after a new start', async () => {
    const kept = await new SoundStore(folder).keep(id, samples, now)
    assert.deepEqual(kept, { id, file: join(folder, `${id}.wav`), ms: 100 })
    assert.deepEqual(samplesOf(fs.readFileSync(kept.file)), samples)
    const again = new SoundStore(folder)
    assert.deepEqual(again.find(id, now), kept)
    assert.deepEqual(await again.samples(kept), samples)
    assert.equal(again.find(soundId('other'), now), undefined)
  })

  it('makes its folder', async () => {
    const deep = join(folder, 'a', 'b')
    await new SoundStore(deep).keep(id, samples, now)
    assert.deepEqual(fs.readdirSync(deep), [`${id}.wav`])
  })

  it('does not take a file that was cut off, whenever that happened', async () => {
    const store = new SoundStore(folder)
    const { file } = await store.keep(id, samples, now)
    for (const left of [1643, 1000, 44, 20, 0]) {
      fs.truncateSync(file, left)
      assert.equal(store.find(id, now), undefined, `${left} bytes`)
      assert.equal(new SoundStore(folder).find(id, now), undefined)
      await store.keep(id, samples, now)
      assert.ok(store.find(id, now))
    }
    fs.rmSync(file)
    assert.equal(store.find(id, now), undefined)
    await assert.rejects(store.samples({ id, file, ms: 100 }))
  })

  it('follows no link, and takes no folder for a sound', async () => {
    const store = new SoundStore(folder)
    const { file } = await store.keep(id, samples, now)
    const [link, inside] = [soundId('link'), soundId('folder')]
    fs.symlinkSync(file, join(folder, `${link}.wav`))
    fs.mkdirSync(join(folder, `${inside}.wav`))
    for (const each of [link, inside]) assert.equal(store.find(each, now), undefined)
  })

  it('has a file under its name only when that is whole', async () => {
    const store = new SoundStore(folder)
    const long = new Int16Array(4_000_000).fill(7)
    const kept = store.keep(id, long, now)
    const sizes = new Set<number>()
    let isKept = false
    void kept.then(() => (isKept = true))
    while (!isKept) {
      sizes.add(fs.statSync(join(folder, `${id}.wav`), { throwIfNoEntry: false })?.size ?? 0)
      await new Promise(setImmediate)
    }
    assert.ok([...sizes].every((one) => one === 0 || one === 44 + 2 * long.length), [...sizes].join())
    // Nobody but the one who asks for the whole of it ever sees its beginning.
    const before = fs.statSync(join(folder, `${id}.wav`)).ino
    await store.keep(id, samples, now)
    assert.notEqual(fs.statSync(join(folder, `${id}.wav`)).ino, before, 'another file takes its place')
  })

  it('leaves nothing behind when it cannot write', async () => {
    const store = new SoundStore(folder)
    fs.mkdirSync(join(folder, `${id}.wav`))
    await assert.rejects(store.keep(id, samples, now))
    assert.deepEqual(files(), [`${id}.wav`])
    assert.equal(store.find(id, now), undefined)
  })

  describe('shared by two engines', () => {
    it('each finds at once what the other has made', async () => {
      const [one, other] = [new SoundStore(folder), new SoundStore(folder)]
      assert.equal(other.find(id, now), undefined)
      const kept = await one.keep(id, samples, now)
      assert.deepEqual(other.find(id, now), kept)
    })

    it('two that make the same at the same time do no harm, though a voice never speaks twice alike', async () => {
      const stores = Array.from({ length: 20 }, () => new SoundStore(folder))
      await Promise.all(stores.map((store, n) => store.keep(id, new Int16Array(800 + 8 * n).fill(n), now)))
      assert.deepEqual(files(), [`${id}.wav`])
      const found = stores.map((store) => store.find(id, now))
      for (const each of found) assert.deepEqual(each, found[0])
      const heard = await stores[0]!.samples(found[0]!)
      assert.equal(found[0]!.ms, heard.length / 8)
      assert.equal(new Set(heard).size, 1, 'it is one of them, whole')
    })

    it('none removes what a live flow of the other needs, nor what the other has played of late', async () => {
      const [one, other] = [new SoundStore(folder), new SoundStore(folder)]
      const [needed, played, old] = [soundId('needed'), soundId('played'), soundId('old')]
      for (const each of [needed, played, old]) await other.keep(each, samples, now - 8 * day)
      await other.need([needed], now)
      other.find(played, now)
      await markedAs(played, now)
      assert.equal(await one.tidy({ unheardFor: 7 * day, mostBytes: 2 * size }, now), 1)
      assert.deepEqual(files(), inOrder(needed, played))
      assert.equal(await one.tidy({ unheardFor: 7 * day, mostBytes: 0 }, now), 1)
      assert.deepEqual(files(), inOrder(needed), 'not even when there is no room')
    })
  })

  describe('is tidied', () => {
    it('of what nobody has heard for long', async () => {
      const store = new SoundStore(folder)
      const [old, used, fixed] = [soundId('old'), soundId('used'), soundId('fixed')]
      for (const each of [old, used, fixed]) await store.keep(each, samples, now - 8 * day)
      store.find(used, now - 2 * day)
      await markedAs(used, now - 2 * day)
      await store.need([fixed], now)
      assert.equal(await store.tidy(unlimited, now), 1)
      assert.equal(store.find(old, now), undefined)
      assert.deepEqual(files(), inOrder(fixed, used))
    })

    it('of the oldest first when they take more room than they may', async () => {
      const store = new SoundStore(folder)
      const ids = ['three', 'one', 'two'].map((name) => soundId(name))
      for (const [n, each] of ids.entries()) await store.keep(each, samples, now - [3, 1, 2][n]! * hour)
      assert.equal(await store.tidy({ ...unlimited, mostBytes: 3 * size }, now), 0)
      assert.equal(await store.tidy({ ...unlimited, mostBytes: 3 * size - 1 }, now), 1)
      assert.deepEqual(files(), inOrder(soundId('one'), soundId('two')))
    })

    it('of what no flow has needed for two days, when there is no room', async () => {
      const store = new SoundStore(folder)
      await store.keep(id, samples, now)
      await store.need([id], now)
      assert.equal(await store.tidy({ ...unlimited, mostBytes: 0 }, now + 2 * day - 1), 0)
      await store.need([id], now + 2 * day - 1)
      assert.equal(await store.tidy({ ...unlimited, mostBytes: 0 }, now + 4 * day - 2), 0)
      assert.equal(await store.tidy({ ...unlimited, mostBytes: 0 }, now + 4 * day), 1)
    })

    it('of what was never finished, but not while another engine may be writing it; and of nothing else', async () => {
      const store = new SoundStore(folder)
      const [given, fresh] = [`${id}.0123456789ab.tmp`, `${id}.ba9876543210.tmp`]
      for (const name of [given, fresh, 'notes.txt']) fs.writeFileSync(join(folder, name), 'half')
      fs.utimesSync(join(folder, given), now / 1000 - 7200, now / 1000 - 7200)
      fs.utimesSync(join(folder, fresh), now / 1000, now / 1000)
      await store.tidy({ unheardFor: 0, mostBytes: 0 }, now)
      assert.deepEqual(files(), [fresh, 'notes.txt'].sort())
    })
  })

  /** Marks are set while the call goes on. */
  async function markedAs(one: string, time: number): Promise<void> {
    const until = Date.now() + 5000
    while (Math.abs(fs.statSync(join(folder, `${one}.wav`)).mtimeMs - time) > 1000 && Date.now() < until)
      await new Promise((resolve) => setImmediate(resolve))
  }
})
