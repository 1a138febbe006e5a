import assert from 'node:assert/strict'
import { VirtualClock } from '../../engine/clock.ts'
import { AmiCall } from '../../telephony/ami/call.ts'

/** What is told of a silence that comes of a cut connection: the engine hears neither the end of a prompt nor anything else. */
describe('the silence of a call whose connection is cut', () => {
  type Story = { call: AmiCall; pass(ms: number): void; told: string[] }
  const control = 'callwright-control'

  function setUp(): Story {
    const clock = new VirtualClock(0)
    const told: string[] = []
    let command = ''
    const call = new AmiCall('PJSIP/a-1', { lease: 3, renewEvery: 1000, stopCheck: 60, overdue: 5000 }, {
      send: (fields) => void (command = String(fields.Command ?? command)),
      together: (run) => run(),
      tell: ({ type }) => void told.push(type),
      heard() {},
      silence: (when) => void told.push('from' in when ? `quiet from ${when.from}` : `until ${when.until}`),
      forget() {}, warn() {},
      now: () => clock.steady(),
      after: (ms, run) => clock.after(ms, run),
      nextCommandId: () => 'play-1',
    })
    call.play({ id: 1, path: '/a', bargeIn: true, ms: 4000 })
    clock.pass(100)
    call.commandBegan(command)
    return { call, told, pass: (ms) => clock.pass(ms) }
  }

  const cases: [what: string, course: (story: Story) => void, told: string[]][] = [
    ['lasts from the end of the prompt until it is played again', ({ call, pass }) => {
      pass(1000)
      call.cutOff()
      pass(10_000)
      call.foundAt('PJSIP/a-1', control, 'entry')
      call.waitsForOrders({ why: 'resumed' })
    }, ['quiet from 4100', 'until 11100']],
    ['lasts from the end of the prompt, however late the cut is noticed, and however often', ({ call, pass }) => {
      pass(6000)
      call.cutOff()
      call.cutOff()
    }, ['quiet from 4100']],
    ['ends where Asterisk takes the call back', ({ call, pass }) => {
      pass(500)
      call.cutOff()
      pass(60_000)
      call.foundAt('PJSIP/a-1', 'callwright-fallback', 's')
    }, ['quiet from 4100', 'until 3000', 'line-lost']],
    ['is none when nothing was said: it is the caller\'s turn', ({ call, pass }) => {
      pass(4000)
      call.commandEnded('play-1', { code: 200, result: 0, endpos: 32_000 })
      call.cutOff()
      pass(10_000)
      call.foundAt('PJSIP/a-1', control, 'entry')
    }, ['prompt-finished']],
  ]
  for (const [what, course, told] of cases)
    it(what, () => {
      const story = setUp()
      course(story)
      assert.deepEqual(story.told, told)
    })
})
