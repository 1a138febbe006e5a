import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { milliseconds } from '../../engine/duration.ts'
import { readHotlines, type Hotline } from '../../engine/hotlines.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { converse, readConversations, timeOf, type Conversation } from '../conversation/script.ts'
import { DialledCaller } from './dialled.ts'
import { needsAsterisk } from './needs-asterisk.ts'
import { Station } from './station.ts'

/** The same conversations as on the simulator, with a phone on a real Asterisk. All at once: each takes its time. */
describe('conversations on Asterisk', function () {
  this.timeout(120_000)
  const hotlines = readHotlines('flows')
  const stations: Station[] = []
  const running = new Map<Conversation, Promise<void>>()
  const conversations = hotlines.flatMap((hotline) => testsOf(hotline).map((conversation) => ({ conversation, hotline })))

  before(async function () {
    await needsAsterisk(this)
    const flows = hotlines.flatMap(({ compiled }) => compiled ?? [])
    // Calls that come in at the same time on the clock share an Asterisk.
    for (const startAt of new Set(conversations.map(beginning))) {
      const together = conversations.filter((one) => beginning(one) === startAt)
      const station = await Station.open({ flows, startAt, queueOptions: 'strategy = rrmemory' })
      if ('none' in station) throw new Error(station.none)
      stations.push(station)
      const phone = await station.phone()
      const agent = await station.agent()
      for (const [i, { conversation, hotline }] of together.entries()) {
        const from = conversation.caller ?? `+61255500${String(i).padStart(3, '0')}`
        const run = async (): Promise<void> => {
          remember(station, conversation, hotline.compiled!, from, startAt)
          await converse(conversation, await DialledCaller.dial(station, phone, hotline.compiled!.flow.numbers[0]!, from, agent))
        }
        const ran = run()
        ran.catch(() => {}) // told by its test
        running.set(conversation, ran)
      }
    }
  })
  after(async () => {
    await Promise.allSettled(running.values())
    await Promise.all(stations.map((station) => station.close()))
  })

  for (const { conversation, hotline } of conversations) {
    it(`${hotline.name}: ${conversation.test}`, async () => {
      await running.get(conversation)
    })
  }

  it('leaves no call, no channel and no timer behind', async () => {
    await Promise.allSettled(running.values())
    for (const station of stations) {
      await station.until(() => (station.sessions.count === 0 ? true : undefined), 5000, 'a call is left in the engine')
      const deadline = Date.now() + 5000
      while ((await station.channels()) > 0) if (Date.now() > deadline) throw new Error('a channel is left in Asterisk')
    }
  })
})

const beginning = ({ conversation, hotline }: { conversation: Conversation; hotline: Hotline }): number =>
  timeOf(conversation.at, hotline.compiled!.flow.timezone)

function testsOf({ file }: Hotline): Conversation[] {
  const tests = join(dirname(file), 'tests.yaml')
  return existsSync(tests) ? readConversations(tests) : []
}

function remember(station: Station, { before }: Conversation, { flow }: Compiled, caller: string, now: number): void {
  if (!before) return
  station.history.keep({ id: 'before', caller, called: '', hotline: flow.name, at: now - milliseconds(before.ago)!, outcome: before.outcome, step: '', language: flow.languages[0] })
}
