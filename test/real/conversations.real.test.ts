import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Hotline } from '../../engine/hotlines.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { converse, type Conversation } from '../../rehearsal/conversation.ts'
import { readTestFile } from '../../rehearsal/read.ts'
import { inFull } from '../../rehearsal/report.ts'
import { earlierCalls } from '../../rehearsal/earlier.ts'
import { hotlinesForTests, unplugged } from '../../rehearsal/unplugged.ts'
import { CallersBackends, keeping, namesCaller, notHeld } from './callers.ts'
import { DialledCaller } from './dialled.ts'
import { hasAsterisk, needsAsterisk } from './needs-asterisk.ts'
import { Station } from './station.ts'
import { Switchboard } from './switchboard.ts'

const hotlines = hotlinesForTests('flows')
const written = hotlines.flatMap((hotline) => testsOf(hotline).map((conversation) => ({ conversation, hotline })))
const holdable = written.filter(({ conversation }) => notHeld(conversation) === undefined)
/** Each time on the clock needs an Asterisk and an engine of its own: of each hotline the time of most conversations. */
const mostOf = (all: number[]): number[] => all.toSorted((a, b) => all.filter((at) => at === b).length - all.filter((at) => at === a).length).slice(0, 1)
const timesOf = (name: string): number[] => holdable.flatMap(({ conversation, hotline }) => (hotline.name === name ? conversation.at : []))
const times = [...new Set(hotlines.flatMap(({ name }) => mostOf(timesOf(name))))]
/** A caller is known by their number: of those whose number matters, the first who rings from it. */
const callers = new Set<string>()
const conversations = holdable.filter(({ conversation }) => {
  const { at, caller } = conversation
  if (!times.includes(at)) return false
  if (!namesCaller(conversation)) return true
  if (callers.has(`${at} ${caller}`)) return false
  callers.add(`${at} ${caller}`)
  return true
})
const left = written.length - conversations.length

const switchboards: Switchboard[] = []

/** Calls under way: how each conversation goes, and the stations on which they are held. */
let underway: Promise<{ stations: Station[]; going: Map<Conversation, Promise<void>> }> | undefined

// Real silences take real seconds. The calls are made when the first test of the whole run begins and take their time
// beside the others; their own tests come late and find them done.
before(async () => {
  if (!(await hasAsterisk())) return
  underway = talk()
  underway.catch(() => {}) // told by the tests
})

/** The same conversations as on the simulator, with a phone on a real Asterisk. */
describe('conversations on Asterisk', function () {
  this.timeout(120_000)

  before(async function () {
    await needsAsterisk(this)
  })
  after(async () => {
    const { stations, going } = (await underway?.catch(() => undefined)) ?? { stations: [], going: new Map<Conversation, Promise<void>>() }
    await Promise.allSettled(going.values())
    for (const agents of switchboards) agents.close()
    await Promise.all(stations.map((station) => station.close()))
  })

  for (const { conversation, hotline } of conversations) {
    it(`${hotline.name}: ${conversation.test}`, async () => {
      await (await underway!).going.get(conversation)
    })
  }

  it(`${left} of ${written.length} are held on the simulator alone: queues without agents, long silences, other times`, () => {
    for (const { name } of hotlines) assert.ok(conversations.some(({ hotline }) => hotline.name === name), `none of ${name} is held`)
    assert.ok(conversations.length >= 40)
  })

  it('leaves no call, no channel and no timer behind', async () => {
    const { stations, going } = await underway!
    await Promise.allSettled(going.values())
    for (const station of stations) {
      await station.until(() => (station.sessions.count === 0 ? true : undefined), 5000, 'a call is left in the engine')
      const deadline = Date.now() + 5000
      while ((await station.channels()) > 0) if (Date.now() > deadline) throw new Error('a channel is left in Asterisk')
    }
  })
})

/** Opens the stations and has all callers dial. Calls that come in at the same time on the clock share an Asterisk. */
async function talk(): Promise<{ stations: Station[]; going: Map<Conversation, Promise<void>> }> {
  const stations: Station[] = []
  const going = new Map<Conversation, Promise<void>>()
  const flows = hotlines.flatMap(({ compiled }) => (compiled ? unplugged(compiled) : []))
  for (const startAt of times) {
    let backends: CallersBackends | undefined
    const recordings = recordingsFor(startAt)
    const station = await Station.open({
      flows, startAt, queueOptions: 'strategy = rrmemory', inbox: keeping, recordings,
      backends: (call) => (backends = new CallersBackends(call)),
    })
    if ('none' in station) throw new Error(station.none)
    stations.push(station)
    const phone = await station.phone()
    const agents = new Switchboard(await station.agent())
    switchboards.push(agents)
    for (const [i, { conversation, hotline }] of conversations.filter(({ conversation: { at } }) => at === startAt).entries()) {
      const from = namesCaller(conversation) ? conversation.caller! : `+61255500${String(i).padStart(3, '0')}`
      remember(station, conversation, hotline.compiled!, from)
      const called = conversation.dials ?? hotline.compiled!.flow.numbers[0]!
      const goes = DialledCaller.dial(station, phone, called, from, { agents, backends: backends!.add(from, conversation) }).then((caller) => goesAsWritten(conversation, caller))
      goes.catch(() => {}) // told by its test
      going.set(conversation, goes)
    }
  }
  return { stations, going }
}

/** A folder of recordings for the station of one time. */
function recordingsFor(startAt: number): { ours: string; theirs: string } {
  const ours = resolve('.callwright/test-recordings', String(startAt))
  mkdirSync(ours, { recursive: true })
  return { ours, theirs: ours }
}

/** The tests that authors have written; those of a walk leave agents and queues in states that real ones are not in. */
function testsOf({ file, compiled }: Hotline): Conversation[] {
  const tests = join(dirname(file), 'tests.yaml')
  return existsSync(tests) ? readTestFile(tests, compiled?.flow).conversations : []
}

async function goesAsWritten(conversation: Conversation, caller: DialledCaller): Promise<void> {
  const failure = await converse(conversation, caller)
  if (failure) throw new Error(inFull({ conversation, failure }))
}

function remember(station: Station, { at, before }: Conversation, { flow }: Compiled, caller: string): void {
  for (const record of earlierCalls({ at, caller, before }, flow.name, flow.languages[0])) station.history.keep(record)
}
