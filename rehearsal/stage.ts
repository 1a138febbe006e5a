import type { CallNote } from '../engine/call/notes.ts'
import { Sessions } from '../engine/call/sessions.ts'
import { VirtualClock } from '../engine/clock.ts'
import { RecentCalls } from '../engine/history.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { plainNumber } from '../engine/language/flow.ts'
import { fixedSwitches, onlyOn } from '../engine/switches.ts'
import type { Log } from '../engine/ports.ts'
import { Simulator, type Perceived, type SimulatedCall } from '../telephony/simulator.ts'
import { usualCaller, type Conversation } from './conversation.ts'
import { earlierCalls } from './earlier.ts'
import { withoutSecrets } from './secrets.ts'
import { StubbedBackends, type Told } from './stubs.ts'

/** All that a call of a test takes place in: the engine, a telephone line, backends, an inbox, and a clock for them. */
export class Stage {
  readonly clock: VirtualClock
  readonly backends: StubbedBackends
  private readonly sessions: Sessions
  private readonly simulator: Simulator
  private readonly compiled: Compiled
  private readonly conversation: Conversation
  /** An answer from outside has come, and what it does to the call has not happened yet. */
  private outside = false
  /** The step that the call is in. */
  private step = ''

  constructor(compiled: Compiled, conversation: Conversation, told: Told) {
    this.compiled = compiled
    this.conversation = conversation
    this.clock = new VirtualClock(conversation.at)
    const answered = (): void => void (this.outside = true)
    const shown = (json: unknown): unknown => withoutSecrets(compiled.flow, this.step, json)
    this.backends = new StubbedBackends(conversation.backends, { clock: this.clock, told, answered, shown })
    const { name, languages } = compiled.flow
    const history = new RecentCalls()
    const before = earlierCalls({ ...conversation, caller: this.caller }, name, languages[0])
    for (const record of before) history.keep(record)
    this.sessions = new Sessions({
      flowFor: () => compiled,
      clock: this.clock,
      history,
      log: quiet,
      voice: silent,
      switches: fixedSwitches(conversation.switches && onlyOn(compiled.flow, conversation.switches)),
      backends: this.backends,
      inbox: {
        async keep() {
          answered()
          if (conversation.inbox === 'failed') throw new Error('the inbox of the test fails')
        },
      },
    })
    this.simulator = new Simulator({ name: 'test', clock: this.clock })
  }

  private get caller(): string {
    return this.conversation.caller ?? usualCaller
  }

  /** Dials. `watch` is told of everything that happens to the call, `perceives` of what the caller hears. */
  async dial(watch: (note: CallNote) => void, perceives: (what: Perceived) => void): Promise<SimulatedCall> {
    await this.sessions.answer(this.simulator)
    this.sessions.watch((note) => {
      if (note.type === 'step') this.step = note.step
      watch(note)
    })
    const called = plainNumber(this.conversation.dials ?? this.compiled.flow.numbers[0] ?? '')
    return this.simulator.dial({ called, caller: this.caller }, perceives)
  }

  /** Lets time pass; the answer of a backend comes at the time at which it was asked. */
  async pass(ms: number): Promise<void> {
    const { clock } = this
    const end = clock.now() + ms
    for (let next = clock.untilNext; next !== undefined && clock.now() + next <= end; next = clock.untilNext) {
      clock.pass(next)
      await this.answered()
    }
    clock.pass(end - clock.now())
  }

  /** Waits for the promises of backends, which know no virtual time: a few turns each. */
  async answered(): Promise<void> {
    while (this.outside) {
      this.outside = false
      for (let n = 0; n < 8; n++) await undefined
    }
  }

  /** Whether something of a call goes on. */
  get goesOn(): boolean {
    return this.sessions.count > 0 || this.clock.pending > 0
  }
}

const quiet: Log = { info() {}, warn() {}, error() {} }
const silent = { sound: () => Promise.reject(new Error('not on the simulator')) }
