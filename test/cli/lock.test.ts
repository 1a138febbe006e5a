import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasStandby, Locks, runningIn, type Lock } from '../../cli/lock.ts'
import { placeFile, tellPlace } from '../../cli/place.ts'
import { VirtualClock } from '../../engine/clock.ts'

/** Another process that is alive and does nothing. */
const other = process.ppid
/** Number of a process that is gone. */
const gone = 2 ** 22 + 7

let data: string
let clock: VirtualClock
let lines: string[]
const hold = (lock: ReturnType<Locks['take']>): Lock => ('release' in lock ? lock : assert.fail(`held by ${lock.heldBy}`))
const holder = (): string => join(data, 'engine.pid')

function locks(folder = ''): Locks {
  const say = (_: object, words: string): void => void lines.push(words)
  return new Locks(join(data, folder), { clock, log: { info: say, warn: say, error: say } })
}

/** Another process writes its number down, and shows that it is alive every second. */
function beats(name = 'engine.pid', pid = other): () => void {
  const file = join(data, name)
  writeFileSync(file, `${pid}\n`)
  let cancel = (): void => {}
  const beat = (): void => {
    utimesSync(file, clock.now() / 1000, clock.now() / 1000)
    cancel = clock.after(1000, beat)
  }
  beat()
  return () => cancel()
}

/** Runs something in the folder, in which nobody may write. */
function readOnly(run: () => void): void {
  chmodSync(data, 0o555)
  // The administrator may always write.
  if (process.getuid?.() === 0) process.seteuid!(65_534)
  try {
    run()
  } finally {
    if (process.getuid?.() === 0) process.seteuid!(0)
    chmodSync(data, 0o755)
  }
}

/** As it is looked from a process that waits: five times a second, for so many milliseconds. Who holds it then. */
function watches(one: Locks, ms: number): ReturnType<Locks['take']> {
  let found = one.take()
  for (let passed = 0; passed < ms && 'heldBy' in found; passed += 200) {
    clock.pass(200)
    found = one.take()
  }
  return found
}

describe('the lock on a data folder', () => {
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'lock-'))
    clock = new VirtualClock()
    lines = []
  })
  afterEach(() => rmSync(data, { recursive: true, force: true }))

  describe('in general', () => {
    it('is held by one process, and free when it is released', () => {
      const lock = hold(locks().take())
      assert.equal(readFileSync(holder(), 'utf8'), `${process.pid}\n`)
      assert.equal(runningIn(data), process.pid)
      assert.equal(lock.alone(), true)
      lock.release()
      assert.equal(existsSync(holder()), false)
      assert.equal(clock.pending, 0)
    })

    it('of a process that is alive is left alone', () => {
      beats()
      assert.deepEqual(watches(locks(), 60_000), { heldBy: other })
    })

    it('of a process that is gone is taken at once', () => {
      writeFileSync(holder(), `${gone}\n`)
      assert.equal(hold(locks().take()).alone(), true)
    })

    it('of a frozen process is taken after five seconds, and that one may wake', () => {
      const freeze = beats()
      clock.pass(1000)
      freeze()
      const one = locks()
      assert.deepEqual(watches(one, 4800), { heldBy: other })
      assert.equal(hold(watches(one, 400)).alone(), false)
    })

    for (const [how, ms] of [['forwards', 10_000], ['back', -10_000], ['far back', -600_000]] as const)
      it(`of a living process is not taken when the clock on the wall is set ${how}, nor is a frozen one's for ever kept`, () => {
        const freeze = beats()
        const one = locks()
        watches(one, 3000)
        clock.set(ms)
        assert.deepEqual(watches(one, 60_000), { heldBy: other })
        freeze()
        clock.set(ms)
        hold(watches(one, 6000))
      })

    it('shows every second that its holder is alive', () => {
      const lock = hold(locks().take())
      utimesSync(holder(), 1, 1)
      clock.pass(1000)
      assert.equal(Math.round(statSync(holder()).mtimeMs), clock.now())
      lock.release()
    })
  })

  describe('a data folder that cannot be written any more', () => {
    it('costs no call: it is said once, and once more when it can be', () => {
      const lock = hold(locks().take())
      // Of another owner, too: its time may be set by that one alone.
      readOnly(() => clock.pass(60_000))
      assert.equal(lines.length, 1)
      assert.match(lines[0]!, /cannot be written any more: calls go on/)
      clock.pass(1000)
      assert.match(lines[1]!, /can be written again/)
      readOnly(() => lock.release())
      assert.equal(clock.pending, 0)
    })

    it('is worked with all the same by one that starts, who then knows nothing of others', () => {
      readOnly(() => assert.equal(hold(locks().take()).alone(), false))
      assert.match(lines[0]!, /cannot be written: calls are answered/)
      writeFileSync(holder(), `${gone}\n`)
      readOnly(() => assert.equal(hold(locks().take()).alone(), false))
    })

    it('is held by one that started there as soon as it can be written', () => {
      let lock!: Lock
      readOnly(() => {
        lock = hold(locks().take())
        clock.pass(60_000)
      })
      assert.equal(runningIn(data), undefined)
      clock.pass(1000)
      assert.equal(runningIn(data), process.pid)
      assert.equal(lock.alone(), false)
      assert.deepEqual(lines.map((line) => /cannot be written|can be written now/.exec(line)?.[0]), ['cannot be written', 'can be written now'])
      utimesSync(holder(), 1, 1)
      clock.pass(1000)
      assert.equal(Math.round(statSync(holder()).mtimeMs), clock.now(), 'it shows that it is alive')
      lock.release()
      assert.deepEqual([existsSync(holder()), clock.pending], [false, 0])
    })

    it('is left to another that came first, and is asked for no more after the release', () => {
      let lock!: Lock
      readOnly(() => (lock = hold(locks().take())))
      const freeze = beats()
      clock.pass(10_000)
      assert.equal(runningIn(data), other)
      lock.release()
      freeze()
      assert.equal(clock.pending, 0)
    })

    it('is told where the engine can be asked as soon as it can be written', () => {
      const say = (_: object, words: string): void => void lines.push(words)
      let takeBack!: () => void
      readOnly(() => {
        takeBack = tellPlace(data, 'http://localhost:1/', { clock, log: { info: say, warn: say, error: say } })
        clock.pass(60_000)
      })
      assert.equal(existsSync(placeFile(data)), false)
      clock.pass(5000)
      assert.deepEqual(JSON.parse(readFileSync(placeFile(data), 'utf8')), { pid: process.pid, url: 'http://localhost:1/', startedAt: clock.now() - 65_000 })
      assert.deepEqual(lines.map((line) => /cannot be written|is written/.exec(line)?.[0]), ['cannot be written', 'is written'])
      takeBack()
      assert.deepEqual([existsSync(placeFile(data)), clock.pending], [false, 0])
      readOnly(() => tellPlace(data, 'http://localhost:1/', { clock, log: { info: say, warn: say, error: say } })())
      assert.equal(clock.pending, 0)
    })

    it('is left to the process that holds it, which cannot show any more that it is alive, until it is gone', () => {
      beats()()
      const one = locks()
      readOnly(() => assert.deepEqual(watches(one, 60_000), { heldBy: other }))
      writeFileSync(holder(), `${gone}\n`)
      readOnly(() => hold(one.take()))
    })

    it('is not made up for when there is none: that is a mistake at the installation', () => {
      writeFileSync(join(data, 'file'), '')
      assert.throws(() => locks('file/data').take(), { code: 'ENOTDIR' })
    })
  })

  describe('one that stands by', () => {
    it('is believed while it shows that it is alive, and no longer', () => {
      assert.equal(hasStandby(data, clock), false)
      const freeze = beats('standby.pid')
      clock.pass(1500)
      assert.equal(hasStandby(data, clock), true)
      freeze()
      clock.pass(2000)
      assert.equal(hasStandby(data, clock), false, 'it is frozen')
      beats('standby.pid', gone)
      assert.equal(hasStandby(data, clock), false, 'it is gone')
    })

    it('says whom it waits for, once, shows that it waits, and takes over', async () => {
      const freeze = beats()
      const told: number[] = []
      const waiting = locks().await((pid) => told.push(pid), new AbortController().signal)
      for (let looks = 0; looks < 20; looks++) {
        clock.pass(200)
        await Promise.resolve()
      }
      assert.deepEqual(told, [other])
      assert.equal(readFileSync(join(data, 'standby.pid'), 'utf8'), `${process.pid}\n`)
      freeze()
      writeFileSync(holder(), `${gone}\n`)
      clock.pass(200)
      hold((await waiting)!).release()
      assert.equal(existsSync(join(data, 'standby.pid')), false)
    })

    it('waits no longer when it is to end', async () => {
      beats()
      const ends = new AbortController()
      const waiting = locks().await(() => {}, ends.signal)
      ends.abort()
      clock.pass(200)
      assert.equal(await waiting, undefined)
      assert.equal(existsSync(join(data, 'standby.pid')), false)
    })
  })

  describe('processes that want the lock at the same instant', () => {
    const program = `
      import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
      import { Locks } from ${JSON.stringify(String(new URL('../../cli/lock.ts', import.meta.url)))}
      const data = process.argv[1]
      const clock = { now: Date.now, steady: () => performance.now(), after: () => () => {} }
      const say = (_, words) => { throw new Error(words) }
      const locks = new Locks(data, { clock, log: { info: say, warn: say, error: say } })
      let held = 0
      process.once('message', () => {
        while (held < 50) {
          const lock = locks.take()
          if (!('release' in lock)) continue
          held++
          // Fails when somebody else is in here.
          mkdirSync(data + '/held')
          rmdirSync(data + '/held')
          // One in two dies instead of ending in good order.
          if (held % 2) writeFileSync(data + '/engine.pid', '${gone}')
          else lock.release()
        }
        process.send(held)
        process.disconnect()
      })
      process.send('ready')`

    it('never hold it two at a time, however they end', async function () {
      this.timeout(60_000)
      const children = [1, 2, 3].map(() =>
        spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, data], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
      await Promise.all(children.map((child) => once(child, 'message')))
      const counts = children.map((child) => held(child))
      for (const child of children) child.send('go')
      assert.deepEqual(await Promise.all(counts), [50, 50, 50])
    })

    async function held(child: ChildProcess): Promise<number> {
      const told = once(child, 'message') as Promise<[number]>
      const [code] = (await once(child, 'exit')) as [number]
      assert.equal(code, 0)
      return (await told)[0]
    }
  })
})
