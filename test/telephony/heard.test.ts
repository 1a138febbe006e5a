import assert from 'node:assert/strict'
import type { PromptEnd } from '../../engine/call/events.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { Playback } from '../../telephony/ami/playback.ts'
import { parseResult } from '../../telephony/ami/translate.ts'
import { Simulator } from '../../telephony/simulator.ts'

/** Prompts of 4 s on a line of Asterisk's that a test plays the other side of. */
class Side {
  readonly clock = new VirtualClock(0)
  readonly told: string[] = []
  private readonly sent: { id: string; text: string }[] = []
  private taken = 0
  private readonly playback = new Playback(
    { stopCheck: 60, overdue: 5000 },
    {
      mayCommand: () => true,
      command: (text, id) => void this.sent.push({ id, text }),
      stopPlayback() {},
      nextCommandId: () => `c${this.sent.length}`,
      finished() {}, controlLost: () => this.playback.drop(), idle() {}, confused() {}, warn() {},
      heard: (id: number, ms: number, how: PromptEnd) => void this.told.push(`${id}: ${ms} ms, ${how}`),
      now: () => this.clock.now(),
      after: (ms, run) => this.clock.after(ms, run),
    },
  )

  /** `play`, `begins`, `stop`, `key`, `lost`, `back`, `gone`, `500 ms`, and what Asterisk answers: `result=49 endpos=8000`. */
  happens(...words: string[]): this {
    for (const one of words) {
      const ms = /^(\d+) ms$/.exec(one)?.[1]
      if (ms !== undefined) this.clock.pass(Number(ms))
      else if (one === 'play') this.playback.play({ id: ++this.taken, path: `p${this.taken}`, bargeIn: true, ms: 4000 })
      else if (one === 'begins') this.playback.commandBegan(this.sent.at(-1)!.text)
      else if (one === 'key') this.playback.keyHeard()
      else if (one === 'stop') this.playback.stop()
      else if (one === 'lost') this.playback.drop()
      else if (one === 'back') this.playback.restart()
      else if (one === 'gone') this.playback.end('hang-up')
      else this.answers(one)
    }
    return this
  }

  /** Of the oldest command without an answer, or `newest`. */
  private answers(words: string): void {
    const { id } = words.startsWith('newest ') ? this.sent.splice(0).at(-1)! : this.sent.shift()!
    this.playback.commandEnded(id, parseResult(`200 ${words.replace('newest ', '')}`))
  }
}

describe('how much of a prompt was heard, as Asterisk tells', () => {
  for (const { it: what, happens, told } of [
    { it: 'all of it', happens: ['play', 'begins', '4000 ms', 'result=0 endpos=32000'], told: ['1: 4000 ms, end'] },
    { it: 'until a key', happens: ['play', 'begins', '1000 ms', 'key', 'result=49 endpos=8000'], told: ['1: 1000 ms, key'] },
    {
      it: 'until a key, though the next is sent first',
      happens: ['play', 'begins', '1000 ms', 'key', 'play', 'result=49 endpos=8000', 'begins', '4000 ms', 'result=0 endpos=32000'],
      told: ['1: 1000 ms, key', '2: 4000 ms, end'],
    },
    { it: 'until it is stopped', happens: ['play', 'begins', '500 ms', 'stop', 'result=0 endpos=4080'], told: ['1: 510 ms, stopped'] },
    { it: 'nothing, stopped before it was sent on', happens: ['play', 'begins', 'stop', 'play', 'stop', 'result=0 endpos=0'], told: ['2: 0 ms, stopped', '1: 0 ms, stopped'] },
    {
      it: 'in two pieces, cut by a key that was none',
      happens: ['play', 'begins', '1000 ms', 'result=35 endpos=8000', 'begins', '500 ms', 'key', 'result=49 endpos=12000'],
      told: ['1: 1500 ms, key'],
    },
    { it: 'until the hang-up, with Asterisk’s figure', happens: ['play', 'begins', '900 ms', 'result=-1 endpos=7000', '50 ms', 'gone'], told: ['1: 875 ms, hang-up'] },
    { it: 'until the hang-up, by the clock', happens: ['play', 'begins', '900 ms', 'gone'], told: ['1: 900 ms, hang-up'] },
    { it: 'no more than there is', happens: ['play', 'begins', '60000 ms', 'gone'], told: ['1: 4000 ms, hang-up'] },
    { it: 'nothing, gone before it began', happens: ['play', '900 ms', 'gone'], told: ['1: 0 ms, hang-up'] },
    {
      it: 'from the start again, when the call was away',
      happens: ['play', 'begins', '900 ms', 'lost', 'back', 'begins', '300 ms', 'gone'],
      told: ['1: 300 ms, hang-up'],
    },
    {
      it: 'about so much, when its answer was lost',
      happens: ['play', 'begins', '700 ms', 'key', 'play', 'begins', '100 ms', 'key', 'newest result=50 endpos=800'],
      told: ['1: 800 ms, stopped', '2: 100 ms, key'],
    },
  ])
    it(what, () => assert.deepEqual(new Side().happens(...happens).told, told))
})

describe('how much of a prompt was heard, on the simulator', () => {
  it('by its clock: to the end, until a key, until the order after it, until the hang-up', async () => {
    const clock = new VirtualClock(0)
    const told: string[] = []
    const line = new Simulator({ name: 'test', clock })
    await line.open({ callArrived() {}, happened() {}, heard: (_call, { id, ms, how }) => void told.push(`${id}: ${ms} ms, ${how}`) })
    const call = line.dial({ called: '100' }, () => {})
    const play = (id: number, bargeIn = true): void =>
      line.order(call.facts.id, {
        type: 'play', id, bargeIn, prompt: [{ text: 'Hello.', language: 'en' }], sound: { id: 'a', file: 'a', ms: 4000 },
      })
    play(1)
    clock.pass(5000)
    play(2)
    clock.pass(1000)
    call.press('1')
    play(3, false)
    clock.pass(700)
    call.press('1')
    clock.pass(100)
    play(4)
    clock.pass(300)
    call.hangUp()
    assert.deepEqual(told, ['1: 4000 ms, end', '2: 1000 ms, key', '3: 800 ms, stopped', '4: 300 ms, hang-up'])
  })
})
