import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialplan } from '../../cli/dialplan.ts'
import { preparePatiently } from '../../cli/patient-voices.ts'
import type { Prompt } from '../../engine/call/effects.ts'
import { VirtualClock } from '../../engine/clock.ts'

const prompt = (text: string): Prompt => [{ text, language: 'en' }]

describe('the sounds of the dialplan', () => {
  /** A voice on a busy machine: in each round it makes so many of the prompts that it is asked for. */
  const busy = (...makes: number[]) => {
    const asked: string[][] = []
    const prepare = async (prompts: Prompt[]) => {
      asked.push(prompts.map(([part]) => part!.text))
      const missing = prompts.slice(makes.shift() ?? 0).map((one) => ({ prompt: one, why: 'it took over 5000 ms' }))
      return { made: prompts.length - missing.length, missing }
    }
    return { asked, voices: { prepare } }
  }
  const made = async (makes: number[], texts: string[]) => {
    const { asked, voices } = busy(...makes)
    const pauses: number[] = []
    const told: number[] = []
    const clock = { after: (ms: number, run: () => void) => (pauses.push(ms), run(), () => {}) }
    const missing = await preparePatiently(voices, texts.map(prompt), clock, ({ left }) => told.push(left))
    return { asked, pauses, told, missing: missing.map(({ prompt: [part] }) => part!.text) }
  }

  it('are made at once where the machine is not busy', async () => {
    assert.deepEqual(await made([3], ['a', 'b', 'c']), { asked: [['a', 'b', 'c']], pauses: [], told: [], missing: [] })
  })

  it('are tried again, those that are missing, as long as more are made', async () => {
    assert.deepEqual(await made([1, 0, 0, 1, 1], ['a', 'b', 'c']), {
      asked: [['a', 'b', 'c'], ['b', 'c'], ['b', 'c'], ['b', 'c'], ['c']],
      pauses: [1000, 2000, 4000, 1000],
      told: [2, 2, 2, 1],
      missing: [],
    })
  })

  it('are given up when nothing more can be made for half a minute', async () => {
    const { pauses, missing } = await made([1], ['a', 'b'])
    assert.deepEqual([pauses.reduce((sum, ms) => sum + ms), missing], [31_000, ['b']])
  })

  describe('that cannot be made', () => {
    let folder: string
    const said: string[] = []
    const before = { env: { ...process.env }, log: console.log, error: console.error }
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'callwright-sounds-'))
      mkdirSync(join(folder, 'desk'))
      writeFileSync(
        join(folder, 'desk/hotline.yaml'),
        `
hotline: Desk
numbers: ["300"]
queues: { desk: { said: the desk } }
start: welcome
steps:
  welcome: { say: Welcome., next: main }
  main: { menu: { keys: { 1: { for: the desk, go: desk } }, otherwise: desk } }
  desk: { queue: desk }
`,
      )
      writeFileSync(
        join(folder, 'voices.yaml'),
        'voices:\n  espeak-ng: off\n  broken: { kind: command, run: [/bin/false], languages: [en] }\n',
      )
      const own = { CALLWRIGHT_DATA: join(folder, 'data'), CALLWRIGHT_VOICES: join(folder, 'voices.yaml'), LOG_LEVEL: 'error' }
      Object.assign(process.env, own)
      said.length = 0
      console.log = () => {}
      console.error = (words: string) => void said.push(words)
    })
    afterEach(() => {
      Object.assign(console, { log: before.log, error: before.error })
      process.env = before.env
      process.exitCode = 0
      rmSync(folder, { recursive: true })
    })

    it('are named by hotline, step and text, with what to do; and the exit code is 1', async () => {
      const clock = new VirtualClock()
      const soon = { after: (ms: number, run: () => void) => (setImmediate(() => clock.pass(ms)), clock.after(ms, run)) }
      await dialplan(folder, { to: join(folder, 'out') }, soon)
      assert.equal(process.exitCode, 1)
      const told = said.slice(said.findIndex((line) => line.startsWith('NOT HEARD')))
      assert.match(told[0]!, /^NOT HEARD while Callwright does not run, for \d+ texts could not be made; a menu without its words/)
      for (const line of [/^ {2}desk, step welcome, en, welcome: ./, /^ {2}desk, step main, en, main\/keys\/1: ./, /^ {2}desk, step the words of regret at the end, en, /])
        assert.ok(told.some((one) => line.test(one)), `${line}\n${told.join('\n')}`)
      assert.match(told.at(-1)!, /^Run this command again when the machine is less busy, before you install the files\./)
      assert.match(said[0]!, /^\d+ of \d+ prompts not made yet \(.+\); trying again in 1 s$/)
      assert.ok(existsSync(join(folder, 'out/extensions.conf')))
      assert.match(readFileSync(join(folder, 'out/extensions.conf'), 'utf8'), /300/)
    })
  })
})
