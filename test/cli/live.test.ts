import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LiveHotlines } from '../../cli/live.ts'
import { watchFlows } from '../../cli/watch.ts'
import type { Prompt } from '../../engine/call/effects.ts'
import { VirtualClock } from '../../engine/clock.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { readHotlines, type Hotline } from '../../engine/hotlines.ts'

const telephone = { wantsSound: 'needs' } as const
const browser = { wantsSound: 'likes' } as const

/** Hotlines in a folder of their own, with what is said of them, and voices that can be told to fail. */
class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'live-'))
  readonly clock = new VirtualClock()
  readonly lines: string[] = []
  readonly kept: string[] = []
  readonly missing = new Set<string>()
  private readonly held = new Map<string, Promise<void>>()
  readonly live: LiveHotlines

  constructor() {
    this.saves('desk', 'Hello.').saves('shop', 'Welcome.', '200')
    const say = (_: object, words: string): void => void this.lines.push(words)
    const voices = {
      prepare: async (prompts: Prompt[]) => {
        await Promise.all(prompts.flat().map(({ text }) => this.held.get(text)))
        const missing = prompts.filter((prompt) => prompt.some(({ text }) => this.missing.has(text)))
        return { missing: missing.map((prompt) => ({ prompt, why: 'no voice for en' })) }
      },
    }
    const log = { info: say, warn: say, error: say }
    this.live = new LiveHotlines(this.read(), { voices, clock: this.clock, log, onLive: ({ name }) => this.kept.push(name) })
  }

  saves(name: string, says: string, number = '100'): this {
    mkdirSync(join(this.path, name), { recursive: true })
    writeFileSync(join(this.path, name, 'hotline.yaml'), `hotline: ${name}\nnumbers: ["${number}"]\nstart: a\nsteps:\n  a: { say: ${says}, next: hang-up }\n`)
    return this
  }

  /** No prompt of a hotline can be made. */
  misses(name: string): void {
    const { compiled } = this.live.all.find((one) => one.name === name)!
    for (const { text } of compiled!.fixedPrompts.flat()) if (text !== 'Welcome.') this.missing.add(text)
  }

  /** The voice takes its time over this text, until the function returned is called. */
  holds(text: string): () => void {
    let release = (): void => {}
    this.held.set(text, new Promise((resolve) => (release = resolve)))
    return release
  }

  read(): Hotline[] {
    return readHotlines(this.path)
  }

  flow(number: string, line: Parameters<LiveHotlines['flowFor']>[1] = telephone): Compiled | undefined {
    const flow = this.live.flowFor(number, line)
    return flow instanceof Promise ? undefined : flow
  }

  /** What a caller on the telephone would hear first; undefined when nobody answers. */
  says(number: string, line: Parameters<LiveHotlines['flowFor']>[1] = telephone): string | undefined {
    return this.flow(number, line)?.fixedPrompts.at(-1)?.[0]?.text
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

let folder: Folder
beforeEach(() => (folder = new Folder()))
afterEach(() => {
  folder.live.close()
  rmSync(folder.path, { recursive: true })
})

describe('live hotlines', () => {
  it('answer on a telephone only when any of their prompts is there, each by itself; in the browser at once', async () => {
    folder.misses('desk')
    assert.equal(folder.says('200'), undefined)
    assert.ok(folder.says('200', browser))
    await folder.live.prepare()
    assert.ok(folder.says('200'))
    assert.equal(folder.says('100'), undefined)
    assert.ok(folder.says('100', browser))
    assert.equal(folder.says('999', browser), undefined)
  })

  it('that is being made ready answers in a moment, whoever calls meanwhile', async () => {
    const ready = folder.live.prepare()
    const soon = folder.live.flowFor('100', telephone)
    assert.ok(soon instanceof Promise)
    await ready
    assert.equal((await soon)?.flow.name, 'desk')
  })

  it('that is about to be made ready answers in a moment, too: an engine that has just started is connected first', async () => {
    const soon = folder.live.flowFor('100', telephone)
    await folder.live.prepare()
    assert.equal((await soon)?.flow.name, 'desk')
  })

  it('answer with the prompts that are there, say once and by name which are not, and when they are', async () => {
    folder.missing.add('Hello.')
    await folder.live.prepare()
    for (let i = 0; i < 2; i++) {
      assert.ok(folder.says('100'))
      assert.deepEqual(folder.live.live.map((one) => [folder.live.isReady(one), folder.live.unheard(one)]), [[true, ['a']], [true, []]])
      folder.clock.pass(30_000)
      await settled()
    }
    const heard = 'desk answers, but callers do not hear a: 1 of its 2 prompts cannot be made (no voice for en); trying again'
    assert.deepEqual(folder.lines, [heard])
    folder.missing.clear()
    folder.clock.pass(30_000)
    await settled()
    assert.deepEqual(folder.lines, [heard, 'desk answers on the telephone with all its prompts now'])
    assert.deepEqual(folder.live.live.flatMap((one) => folder.live.unheard(one)), [])
    assert.equal(folder.clock.pending, 0, 'nothing is tried any more')
  })

  it('that answer without some prompts are replaced by a version that lacks no more', async () => {
    folder.missing.add('Hello.').add('Good day.')
    await folder.live.prepare()
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    assert.equal(folder.says('100'), 'Good day.')
    assert.match(folder.lines.at(-1)!, /^desk answers, but callers do not hear a: /)
  })

  it('say once that nothing can be heard, try again until something is there, and say that', async () => {
    folder.misses('desk')
    await folder.live.prepare()
    for (let i = 0; i < 2; i++) {
      folder.clock.pass(30_000)
      await settled()
    }
    assert.deepEqual(folder.lines.filter((line) => line.startsWith('desk')), ['desk does not answer on the telephone yet: 2 of its 2 prompts cannot be made (no voice for en); trying again'])
    folder.missing.clear()
    folder.clock.pass(30_000)
    await settled()
    assert.ok(folder.lines.includes('desk answers on the telephone now'))
    assert.ok(folder.says('100'))
    assert.equal(folder.clock.pending, 0, 'nothing is tried any more')
  })

  it('leave no timer when they are closed, and answer nobody any more', async () => {
    folder.missing.add('Hello.')
    await folder.live.prepare()
    folder.live.close()
    assert.equal(folder.clock.pending, 0)
    assert.equal(folder.says('200'), undefined)
  })
})

describe('a flow that is saved while it answers', () => {
  beforeEach(() => folder.live.prepare())

  it('answers new calls in its new version, and no other hotline is touched', async () => {
    const before = folder.flow('100')
    const other = folder.flow('200')
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    assert.equal(folder.says('100'), 'Good day.')
    assert.equal(before?.fixedPrompts.at(-1)?.[0]?.text, 'Hello.', 'a call under way keeps what it began on')
    assert.equal(folder.flow('200'), other)
    assert.deepEqual(folder.lines, ['the new version of desk answers new calls; calls under way end on the one before'])
    assert.deepEqual(folder.kept, ['desk', 'shop', 'desk'])
  })

  it('is refused whole with a mistake; the version before goes on, and it is said once', async () => {
    await folder.saves('desk', '"Good {{ nobody }}"').live.reload(folder.read())
    await folder.live.reload(folder.read())
    assert.equal(folder.says('100'), 'Hello.')
    assert.equal(folder.lines[0], 'desk has mistakes and is refused; the version before goes on answering')
    assert.match(folder.lines[1]!, /hotline\.yaml:5:\d+ unknown-variable: nothing sets "nobody"/)
    assert.equal(folder.lines.length, 2)
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    assert.equal(folder.says('100'), 'Good day.')
  })

  it('waits for its prompts; one that cannot be made keeps the version before', async () => {
    folder.missing.add('Good day.')
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    assert.equal(folder.says('100'), 'Hello.')
    assert.match(folder.lines[0]!, /the new version of desk has 1 prompt that cannot be made \(no voice for en\)/)
  })

  it('is tried again until its prompts can be made, and then answers; it is said once that they cannot', async () => {
    folder.missing.add('Good day.')
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    folder.clock.pass(30_000)
    await settled()
    await folder.live.reload(folder.read())
    assert.equal(folder.says('100'), 'Hello.')
    assert.equal(folder.lines.length, 1)
    folder.missing.clear()
    folder.clock.pass(30_000)
    await settled()
    assert.equal(folder.says('100'), 'Good day.')
    assert.equal(folder.clock.pending, 0, 'nothing is tried any more')
  })

  it('and then mended is not tried again', async () => {
    folder.missing.add('Good day.')
    await folder.saves('desk', 'Good day.').live.reload(folder.read())
    await folder.saves('desk', 'Hello.').live.reload(folder.read())
    folder.missing.clear()
    folder.clock.pass(60_000)
    await settled()
    assert.equal(folder.says('100'), 'Hello.')
    assert.equal(folder.clock.pending, 0)
  })

  it('while another reload waits for its prompts does not wait for those, and the last one counts', async () => {
    const slow = folder.holds('Good day.')
    const first = folder.saves('desk', 'Good day.').live.reload(folder.read())
    const second = folder.saves('desk', 'Good evening.').saves('new', 'Hi.', '300').live.reload(folder.read())
    await second
    assert.deepEqual([folder.says('100'), folder.says('300')], ['Good evening.', 'Hi.'])
    slow()
    await first
    assert.deepEqual([folder.says('100'), folder.says('200'), folder.says('300')], ['Good evening.', 'Welcome.', 'Hi.'], 'nothing is taken away that came meanwhile')
  })

  it('is not read again because another one was saved', async () => {
    await folder.live.reload(folder.read())
    assert.deepEqual(folder.lines, [])
  })

  it('a new hotline answers, and one that is gone no more', async () => {
    folder.saves('new', 'Hi.', '300')
    rmSync(join(folder.path, 'shop'), { recursive: true })
    await folder.live.reload(folder.read())
    assert.equal(folder.says('300'), 'Hi.')
    assert.equal(folder.says('200'), undefined)
    assert.deepEqual(folder.lines, ['the new version of new answers new calls', 'shop is gone from the folder and answers no new calls'])
  })

  it('a number that two hotlines claim stays with the one that had it', async () => {
    await folder.saves('shop', 'Welcome.', '100').live.reload(folder.read())
    assert.equal(folder.says('100'), 'Hello.')
    assert.equal(folder.says('200'), 'Welcome.')
  })
})

describe('watching the folder of flows', () => {
  it('tells of a change once it has stood still, and not while nothing changes', () => {
    const clock = new VirtualClock()
    let changes = 0
    const stop = watchFlows(folder.path, clock, () => changes++)
    clock.pass(5000)
    assert.equal(changes, 0)
    folder.saves('desk', 'Good day to you.')
    clock.pass(1000)
    folder.saves('desk', 'Good day to you, Madam.')
    clock.pass(1000)
    assert.equal(changes, 0, 'it is being written')
    clock.pass(1000)
    assert.equal(changes, 1)
    rmSync(join(folder.path, 'shop'), { recursive: true })
    clock.pass(3000)
    assert.equal(changes, 2)
    mkdirSync(join(folder.path, 'desk/audio/en/identify/ask/no-input'), { recursive: true })
    for (const content of ['a', 'another', '']) {
      const recording = join(folder.path, 'desk/audio/en/identify/ask/no-input/1.wav')
      if (content) writeFileSync(recording, content)
      else rmSync(recording)
      clock.pass(7000)
    }
    assert.equal(changes, 5, 'recordings that come, change and go')
    stop()
    assert.equal(clock.pending, 0)
  })
})
