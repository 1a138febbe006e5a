import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { milliseconds } from '../../engine/duration.ts'
import { readSettings } from '../../cli/settings.ts'

const files = { one: 'systemd/callwright.service', pair: 'systemd/callwright@.service' }
/** The settings of a unit, comments left out; one that is given twice stands there twice. */
const settingsOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('=') && !line.startsWith('#'))
const valueOf = (file: string, name: string): string =>
  settingsOf(file)
    .find((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

describe('the units for systemd', () => {
  for (const file of Object.values(files)) {
    it(`${file} is understood by systemd`, function () {
      if (spawnSync('systemd-analyze', ['--version']).status !== 0) return this.skip()
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
      // Where Node.js lies is another matter on this machine.
      const words = stderr.split('\n').filter((line) => line.includes('callwright') && !line.includes('/usr/bin/node'))
      assert.deepEqual(words, [])
      if (existsSync('/usr/bin/node')) assert.equal(status, 0, stderr)
    })

    it(`${file} starts the engine again at once and always, and lets it end its calls`, () => {
      assert.equal(valueOf(file, 'Restart'), 'always')
      assert.equal(valueOf(file, 'StartLimitIntervalSec'), '0')
      assert.ok(milliseconds(valueOf(file, 'RestartSec'))! <= 500)
      assert.ok(Number(valueOf(file, 'TimeoutStopSec')) * 1000 > readSettings({}).drain)
    })

    it(`${file} lets it write where docs/admins/install.md puts what it keeps`, () => {
      const data = /^ {4}CALLWRIGHT_DATA=(\S+)$/m.exec(readFileSync('docs/admins/install.md', 'utf8'))![1]
      assert.equal(valueOf(file, 'ReadWritePaths'), data)
    })
  }

  it('differ in what makes them one, and one of two, alone', () => {
    const [one, pair] = [settingsOf(files.one), settingsOf(files.pair)]
    const only = (these: string[], those: string[]): string[] =>
      these.filter((line) => !those.includes(line)).map((line) => line.split('=')[0]!)
    assert.deepEqual(only(one, pair), ['Description'])
    assert.deepEqual(only(pair, one), ['Description', 'Conflicts', 'EnvironmentFile'])
  })
})
