import assert from 'node:assert/strict'
import { LiveHotlines } from '../../cli/live.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { readHotlines } from '../../engine/hotlines.ts'

const telephone = { wantsSound: 'needs' } as const
const browser = { wantsSound: 'likes' } as const

/** Which hotlines answer on a telephone while their prompts are being made, or cannot be. */
describe('live hotlines', () => {
  const setUp = (missingAtFirst: string[]) => {
    const clock = new VirtualClock()
    const lines: string[] = []
    const say = (_: object, words: string): void => void lines.push(words)
    const missing = new Set(missingAtFirst)
    const all = readHotlines('flows')
    const voices = {
      async prepare(prompts: { text: string }[][]) {
        const hotline = all.find(({ compiled }) => compiled?.fixedPrompts === prompts)!
        return { missing: missing.has(hotline.name) ? [{ why: 'no voice for en' }] : [] }
      },
    }
    const live = new LiveHotlines(all, { voices, clock, log: { info: say, warn: say, error: say } })
    return { live, clock, lines, missing }
  }
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  it('answer on a telephone only when all their prompts are there, each by itself; in the browser at once', async () => {
    const { live } = setUp(['vaccination'])
    assert.equal(live.flowFor('200', telephone), undefined)
    assert.ok(live.flowFor('200', browser))
    await live.prepare()
    assert.ok(live.flowFor('200', telephone))
    assert.equal(live.flowFor('100', telephone), undefined)
    assert.ok(live.flowFor('+61 2 5124 7700', browser))
    assert.equal(live.flowFor('999', browser), undefined)
    live.close()
  })

  it('say once what is missing, try again until it is there, and say that', async () => {
    const { live, clock, lines, missing } = setUp(['vaccination'])
    await live.prepare()
    clock.pass(30_000)
    await settled()
    clock.pass(30_000)
    await settled()
    assert.deepEqual(lines, ['vaccination does not answer on the telephone yet: 1 prompt is missing (no voice for en); trying again'])
    missing.clear()
    clock.pass(30_000)
    await settled()
    assert.equal(lines.at(-1), 'vaccination answers on the telephone now')
    assert.ok(live.flowFor('100', telephone))
    assert.equal(clock.pending, 0, 'nothing is tried any more')
  })

  it('leave no timer when they are closed', async () => {
    const { live, clock } = setUp(['hello', 'vaccination'])
    await live.prepare()
    live.close()
    assert.equal(clock.pending, 0)
  })
})
