import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { look, type Found } from '../../cli/status.ts'
import { stateInWords, troubleInWords } from '../../cli/status-words.ts'
import { troublesOf } from '../../engine/health/state.ts'
import { but, well } from '../health/states.ts'

describe('callwright status', () => {
  describe('tells how an engine does', () => {
    it('that is well', () => {
      assert.equal(
        `${stateInWords(well)}\n${troubleInWords(troublesOf(well))}`,
        `\
engine       Callwright 0.1.0, process 4711, for 1 h 0 min
asterisk     Connected to Asterisk at 127.0.0.1:5038.
hotlines     clinic answers
calls        17 under way: 12 in self-service, 3 waiting, 2 talking, 0 recording
             since the start 120 came in, 0 were taken over, 1 were left to Asterisk
lease        the oldest was renewed 0.9 s ago, of 2.8 s
silence      0.4 s at most for any caller in the last hour
prompts      4 had to be waited for, 0.32 s at most in the last hour, 0 could not be made
voices       espeak-ng is well
journal      1203 events in 800 commits, the slowest 0.01 s; nothing waits
event loop   0 s late at most in 99 of 100 cases, 0.01 s at worst in five minutes
process      120 MB, 43 files and connections of 1024

All is well.`,
      )
    })

    it('that is not, and says what to do', () => {
      const ill = but({
        asterisk: {
          state: 'refused',
          words: 'Asterisk refuses our login.',
          drives: false,
          connects: 3,
          oldestLease: undefined,
        },
        hotlines: [
          { name: 'clinic', live: true, ready: false, unheard: [], mistakes: 0 },
          { name: 'power', live: false, ready: false, unheard: [], mistakes: 2 },
        ],
        journal: { failing: 4_540_000, owed: 2 },
        file: { trouble: { what: 'there is no room for /data/calls.db', todo: 'make room: df -h /data', since: 4_540_000 } },
        stopping: true,
        drainsUntil: 4_612_000,
      })
      const words = `${stateInWords(ill)}\n${troubleInWords(troublesOf(ill))}`
      for (const line of [
        'for 1 h 0 min; it is ending and takes no more calls; 12 s left for 17 calls under way',
        'asterisk     Asterisk refuses our login. Connected 3 times since the start.',
        'hotlines     clinic makes its prompts, power DOES NOT ANSWER',
        'lease        no call needs one',
        'FAILING for 60 s, 2 calls not written',
        '4 things to see to:\n- Asterisk refuses our login.\n  compare the secrets',
        '- nothing can be written to the journal for 60 s: no call would survive a restart; there is no room for /data/calls.db\n  make room: df -h /data; it',
      ])
        assert.ok(words.includes(line), `${line}\n---\n${words}`)
    })

    it('with a voice that fails, and what another one had to say in its place', () => {
      const kokoro = { name: 'kokoro', spoken: 3, failed: 2, replaced: 7, fails: 'it took over 5000 ms' }
      const state = but({ voices: [kokoro, ...well.voices] })
      const line = 'voices       kokoro FAILS (another one spoke 7 times in its place), espeak-ng is well'
      assert.ok(stateInWords(state).split('\n').includes(line), stateInWords(state))
      assert.match(troubleInWords(troublesOf(state)), /- the voice kokoro fails: it took over 5000 ms\n  the next voice in its order speaks/)
    })
  })

  describe('finds the engine of a data folder', () => {
    let data: string
    let server: Server | undefined
    beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'callwright-status-'))))
    afterEach(() => {
      rmSync(data, { recursive: true })
      server?.closeAllConnections()
      server?.close()
      server = undefined
    })

    const found = (more: { metricsToken?: string; token?: string } = {}, patience?: number): Promise<Found> =>
      look(
        {
          data,
          metricsToken: more.metricsToken,
          console: { host: '', port: 0, portGiven: false, hosts: [], token: more.token },
        },
        patience,
      )
    /** An engine of the process `pid` that answers like this. */
    const engine = async (answer: RequestListener, pid = process.pid): Promise<void> => {
      server = createServer(answer).listen(0, '127.0.0.1')
      await once(server, 'listening')
      writeFileSync(join(data, 'engine.pid'), `${pid}\n`)
      const { port } = server.address() as AddressInfo
      writeFileSync(join(data, 'engine.json'), JSON.stringify({ pid, url: `http://127.0.0.1:${port}/`, startedAt: 1 }))
    }
    const trouble = (one: Found): string => (one.is === 'silent' ? one.trouble.what : one.is)

    it('and none where none is, or where its process is gone', async () => {
      assert.deepEqual(await found(), { is: 'not-there' })
      const gone = spawn(process.execPath, ['--version'])
      await once(gone, 'close')
      writeFileSync(join(data, 'engine.pid'), `${gone.pid}\n`)
      assert.deepEqual(await found(), { is: 'not-there' })
    })

    it('asks it, with the token that there is', async () => {
      const asked: (string | undefined)[] = []
      await engine((request, response) => {
        asked.push(`${request.url} ${request.headers.authorization}`)
        response.end(JSON.stringify(well))
      })
      assert.deepEqual(await found(), { is: 'answers', standby: false, state: JSON.parse(JSON.stringify(well)) })
      await found({ token: 'of the page' })
      await found({ token: 'of the page', metricsToken: 'of the metrics' })
      assert.deepEqual(asked, ['/status undefined', '/status Bearer of the page', '/status Bearer of the metrics'])
    })

    it('and the one that stands by', async () => {
      await engine((_request, response) => response.end(JSON.stringify(well)))
      writeFileSync(join(data, 'standby.pid'), `${process.pid}\n`)
      const one = await found()
      assert.equal(one.is === 'answers' && one.standby, true)
    })

    it('says that it is only starting', async () => {
      writeFileSync(join(data, 'engine.pid'), `${process.pid}\n`)
      assert.match(trouble(await found()), /is just starting/)
      // What is left of the process before.
      writeFileSync(join(data, 'engine.json'), '{"pid":1,"url":"http://127.0.0.1:1/"}')
      assert.match(trouble(await found()), /is just starting/)
      writeFileSync(join(data, 'engine.json'), '{"pi')
      assert.match(trouble(await found()), /is just starting/)
    })

    it('says that it may not be asked', async () => {
      await engine((_request, response) => response.writeHead(401).end())
      assert.match(trouble(await found()), /does not tell how it does \(it answers 401\)/)
    })

    it('says that its page cannot be reached', async () => {
      writeFileSync(join(data, 'engine.pid'), `${process.pid}\n`)
      writeFileSync(join(data, 'engine.json'), JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:1/' }))
      assert.match(trouble(await found()), /cannot be asked/)
    })

    it('says that it is frozen, or has been stopped', async function () {
      await engine(() => {})
      assert.match(trouble(await found({}, 30)), /is frozen: it has not answered for 0\.03 s/)
      if (process.platform !== 'linux') return this.skip()
      const stopped = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
      await once(stopped, 'spawn')
      stopped.kill('SIGSTOP')
      writeFileSync(join(data, 'engine.pid'), `${stopped.pid}\n`)
      writeFileSync(
        join(data, 'engine.json'),
        JSON.stringify({ pid: stopped.pid, url: `http://127.0.0.1:${(server!.address() as AddressInfo).port}/` }),
      )
      assert.match(trouble(await found({}, 100)), /has been stopped \(SIGSTOP\)/)
      stopped.kill('SIGKILL')
      await once(stopped, 'close')
    })
  })
})
