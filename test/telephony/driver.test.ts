import assert from 'node:assert/strict'
import { VirtualClock } from '../../engine/clock.ts'
import { Driver, DRIVER_TIMES } from '../../telephony/ami/driver.ts'

/** One Asterisk with its variable, and engines beside it; nothing takes time but what is told to. */
class Bed {
  readonly clock = new VirtualClock(0)
  variable = ''
  readonly absent: string[] = []
  readonly story: string[] = []
  answersLate = false
  private late: (() => void)[] = []

  /** What has been answered arrives. */
  answer(): void {
    for (const arrive of this.late.splice(0)) arrive()
  }

  engine(name: string, family: string, aloneInFamily = () => false): { driver: Driver; freezes(): void; wakes(): void } {
    const own = new FrozenClock(this.clock)
    const driver = new Driver({
      link: {
        action: async ({ Action, Variable, Value }) => {
          if (Action === 'Setvar' && Variable === 'CALLWRIGHT_DRIVER') this.variable = String(Value)
          if (Action === 'Setvar' && Variable === 'CALLWRIGHT_ABSENT') this.absent.push(String(Value))
          const { variable: value } = this
          if (this.answersLate) await new Promise<void>((resolve) => this.late.push(resolve))
          return Action === 'Getvar' ? { value } : {}
        },
      },
      clock: own,
      log: { info() {}, warn() {}, error() {} },
      times: DRIVER_TIMES,
      instance: name,
      family,
      aloneInFamily,
      onDriving: () => this.story.push(`${this.clock.now()} ${name} drives`),
      onStoodDown: () => this.story.push(`${this.clock.now()} ${name} stands down`),
    })
    return { driver, freezes: () => own.freeze(), wakes: () => own.wake() }
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed <= ms; passed += 100) {
      if (passed > 0) this.clock.pass(100)
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
  }
}

/** A clock whose callbacks wait while the process is frozen. */
class FrozenClock {
  private readonly clock: VirtualClock
  private frozen = false
  private late: (() => void)[] = []

  constructor(clock: VirtualClock) {
    this.clock = clock
  }

  now(): number {
    return this.clock.now()
  }

  steady(): number {
    return this.clock.steady()
  }

  after(ms: number, run: () => void): () => void {
    return this.clock.after(ms, () => (this.frozen ? this.late.push(run) : run()))
  }

  freeze(): void {
    this.frozen = true
  }

  wake(): void {
    this.frozen = false
    for (const run of this.late.splice(0)) run()
  }
}

describe('one Asterisk, one driver', () => {
  let bed: Bed
  beforeEach(() => (bed = new Bed()))

  it('the first one drives after it has seen that nobody else began at the same moment', async () => {
    const { driver } = bed.engine('a', 'one')
    driver.connected()
    assert.equal(driver.drives, false)
    await bed.pass(400)
    assert.deepEqual(bed.story, ['300 a drives'])
    await bed.pass(60_000)
    assert.equal(driver.drives, true)
    assert.equal(bed.story.length, 1)
  })

  it('of two that begin at once one drives', async () => {
    const [a, b] = [bed.engine('a', 'one').driver, bed.engine('b', 'two').driver]
    a.connected()
    b.connected()
    await bed.pass(10_000)
    assert.equal(Number(a.drives) + Number(b.drives), 1)
    assert.equal(Number(a.standsBy) + Number(b.standsBy), 1)
    assert.equal(bed.story.length, 1)
  })

  it('a second one stands by and takes over when the claim has lapsed', async () => {
    const a = bed.engine('a', 'one')
    const b = bed.engine('b', 'two')
    a.driver.connected()
    await bed.pass(5000)
    b.driver.connected()
    await bed.pass(30_000)
    assert.equal(b.driver.standsBy, true)
    a.freezes()
    await bed.pass(5500)
    assert.equal(b.driver.drives, true)
  })

  it('one that ends in good order makes room at once', async () => {
    const [a, b] = [bed.engine('a', 'one').driver, bed.engine('b', 'two').driver]
    a.connected()
    await bed.pass(1000)
    b.connected()
    await bed.pass(1000)
    void a.release({ follows: true })
    await bed.pass(1500)
    assert.equal(b.drives, true)
  })

  it('a restarted one has the claim of its family at once, when the old process is certainly gone', async () => {
    const a = bed.engine('a', 'one')
    a.driver.connected()
    await bed.pass(5000)
    a.freezes()
    const again = bed.engine('a2', 'one', () => true).driver
    again.connected()
    await bed.pass(100)
    assert.deepEqual(bed.story.slice(1), ['5000 a2 drives'])
  })

  it('a frozen one that wakes finds out before its next order', async () => {
    const a = bed.engine('a', 'one')
    const b = bed.engine('b', 'two')
    a.driver.connected()
    await bed.pass(1000)
    b.driver.connected()
    await bed.pass(1000)
    a.freezes()
    await bed.pass(8000)
    assert.equal(a.driver.drives, false, 'before any timer of its own has run')
    a.wakes()
    a.driver.doubted()
    await bed.pass(100)
    assert.match(bed.story.at(-1)!, /a stands down/)
    assert.equal(a.driver.standsBy, true)
    assert.equal(b.driver.drives, true)
  })

  it('one that was frozen between looking and claiming looks again, and takes nothing away', async () => {
    const a = bed.engine('a', 'one')
    a.driver.connected()
    await bed.pass(1000)
    // What Asterisk answered before lies unread until the process wakes.
    bed.answersLate = true
    await bed.pass(1000)
    bed.variable = 'two b 1'
    bed.clock.pass(9000)
    bed.answersLate = false
    bed.answer()
    await bed.pass(100)
    assert.equal(bed.variable, 'two b 1')
    assert.match(bed.story.at(-1)!, /a stands down/)
  })

  it('a frozen one that wakes alone goes on, after it has looked', async () => {
    const a = bed.engine('a', 'one')
    a.driver.connected()
    await bed.pass(1000)
    a.freezes()
    await bed.pass(30_000)
    assert.equal(a.driver.drives, false)
    a.wakes()
    a.driver.doubted()
    await bed.pass(100)
    assert.equal(a.driver.drives, true)
    assert.match(bed.story.at(-1)!, /a drives/, 'and looks what has become of its calls')
  })

  it('one that Asterisk has answered so late that it might not drive looks what has become of its calls', async () => {
    const a = bed.engine('a', 'one')
    a.driver.connected()
    await bed.pass(400)
    bed.answersLate = true
    await bed.pass(1900)
    bed.answer()
    await bed.pass(0)
    assert.equal(a.driver.drives, true, 'while it renews its claim')
    await bed.pass(500)
    assert.equal(a.driver.drives, false, 'before Asterisk has said that it has it')
    bed.answer()
    await bed.pass(0)
    assert.equal(a.driver.drives, true)
    assert.deepEqual(bed.story, ['300 a drives', '2800 a drives'])
  })

  it('an Asterisk that was restarted has forgotten the claim, and is told again', async () => {
    const { driver } = bed.engine('a', 'one')
    driver.connected()
    await bed.pass(1000)
    driver.disconnected()
    bed.variable = ''
    driver.connected()
    await bed.pass(1500)
    assert.equal(driver.drives, true)
    assert.match(bed.variable, /^one a /)
    assert.deepEqual(bed.story, ['300 a drives', '1300 a drives'], 'and looks for its calls when it is sure')
  })

  it('of two that find a restarted Asterisk never both drive', async () => {
    for (const first of ['a', 'b'] as const) {
      bed = new Bed()
      const engines = { a: bed.engine('a', 'one').driver, b: bed.engine('b', 'two').driver }
      engines.a.connected()
      await bed.pass(1000)
      engines.b.connected()
      await bed.pass(1000)
      for (const driver of Object.values(engines)) driver.disconnected()
      bed.variable = ''
      engines[first].connected()
      engines[first === 'a' ? 'b' : 'a'].connected()
      for (let passed = 0; passed < 5000; passed += 100) {
        await bed.pass(100)
        assert.ok(!(engines.a.drives && engines.b.drives), `both after ${passed} ms`)
      }
      assert.equal(Number(engines.a.drives) + Number(engines.b.drives), 1)
    }
  })

  it('one whose claim alone is gone, since all variables of Asterisk were cleared, drives on', async () => {
    const { driver } = bed.engine('a', 'one')
    driver.connected()
    await bed.pass(1000)
    bed.variable = ''
    for (let passed = 0; passed < 5000; passed += 100) {
      await bed.pass(100)
      assert.equal(driver.drives, true)
    }
    assert.match(bed.variable, /^one a /)
    assert.deepEqual(bed.story, ['300 a drives'])
  })

  it('and stands down when another has it in the end', async () => {
    const [a, b] = [bed.engine('a', 'one').driver, bed.engine('b', 'two').driver]
    a.connected()
    await bed.pass(1000)
    bed.variable = ''
    b.connected()
    await bed.pass(3000)
    assert.deepEqual([a.drives, b.drives], [false, true])
    assert.match(bed.story.at(-1)!, /a stands down|b drives/)
  })

  it('one that ends while it looks leaves nothing behind', async () => {
    const a = bed.engine('a', 'one').driver
    a.connected()
    await bed.pass(900)
    bed.answersLate = true
    await bed.pass(500)
    const released = a.release({ follows: true })
    bed.answer()
    await bed.pass(0)
    bed.answer()
    await released
    await bed.pass(2000)
    assert.equal(bed.variable, 'none')
    assert.equal(a.drives, false)
  })

  it('one that ends tells new callers that nobody is there, unless another follows', async () => {
    for (const [follows, absent] of [[false, ['xnone']], [true, []]] as const) {
      bed = new Bed()
      const a = bed.engine('a', 'one').driver
      a.connected()
      await bed.pass(1000)
      await a.release({ follows })
      assert.deepEqual(bed.absent, absent)
    }
  })

  it('drives for 2.4 seconds after the last claim that has reached Asterisk, counted from its sending', async () => {
    const { driver } = bed.engine('a', 'one')
    driver.connected()
    await bed.pass(1200)
    // Sent at 1300 + 1000: what is asked then is answered after another second, and nothing is answered after.
    bed.answersLate = true
    await bed.pass(1100)
    bed.answer()
    await bed.pass(1000)
    bed.answer()
    await bed.pass(1300)
    assert.equal(bed.clock.steady(), 4600)
    assert.equal(driver.drives, true)
    await bed.pass(200)
    assert.equal(driver.drives, false, 'before a stand-by can have taken over')
  })

  it('cares for no clock on the wall, whether that is set back or forwards', async () => {
    const [a, b] = [bed.engine('a', 'one').driver, bed.engine('b', 'two')]
    a.connected()
    await bed.pass(1000)
    b.driver.connected()
    for (const ms of [-10_000, 600_000, -600_000]) {
      bed.clock.set(ms)
      for (let passed = 0; passed < 5000; passed += 100) {
        await bed.pass(100)
        assert.deepEqual([a.drives, b.driver.drives], [true, false])
      }
    }
    a.disconnected()
    bed.clock.set(-600_000)
    await bed.pass(4600)
    assert.equal(b.driver.drives, true, 'and takes over in time')
  })

  it('after each new connection it looks what has become of its calls, however short the break was', async () => {
    const { driver } = bed.engine('a', 'one')
    driver.connected()
    await bed.pass(5000)
    driver.disconnected()
    await bed.pass(200)
    driver.connected()
    await bed.pass(5000)
    assert.deepEqual(bed.story, ['300 a drives', '5200 a drives'])
  })
})
