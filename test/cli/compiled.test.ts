import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type vm from 'node:vm'

type Program = { main(argv: string[]): Promise<void> }
type Made = { text: Buffer; known?: Buffer }

/** Plain JavaScript without types. */
const { compiled, load, whole } = await import(String(new URL('../../cli/compiled.mjs', import.meta.url))) as {
  compiled(kept: string): Promise<Program | undefined>
  load(folder: string, made: Made): { exports: Program; script: vm.Script }
  whole(folder: string): Made | undefined
}
const { sourcesOf } = await import(String(new URL('../../cli/sources.mjs', import.meta.url))) as {
  sourcesOf(script: { filename: string; map: string; root: string }): (trace: string) => string
}

describe('the program, compiled', () => {
  const kept = mkdtempSync(join(tmpdir(), 'callwright-compiled-'))
  const made = (): string => join(kept, readdirSync(kept)[0]!)
  before(async () => {
    chmodSync(kept, 0o755)
    assert.equal(typeof (await compiled(kept))?.main, 'function')
  })
  after(() => rmSync(kept, { recursive: true }))

  it('is made once for each state of the sources', async () => {
    assert.deepEqual(readdirSync(made()).sort(), ['main.cjs', 'main.cjs.map', 'main.sums', 'main.v8'])
    const before = statSync(join(made(), 'main.cjs')).mtimeMs
    assert.equal(typeof (await compiled(kept))?.main, 'function')
    assert.equal(statSync(join(made(), 'main.cjs')).mtimeMs, before)
    assert.equal(readdirSync(kept).length, 1, 'nothing unfinished is left')
  })

  it('is taken by V8 as it has understood it before', () => {
    assert.equal(load(made(), whole(made())!).script.cachedDataRejected, false)
  })

  for (const file of ['main.cjs', 'main.v8', 'main.sums'])
    it(`is made again when its ${file} is damaged anywhere`, async () => {
      const path = join(made(), file)
      const good = readFileSync(path)
      const middle = good.length >> 1
      const flipped = Buffer.from(good)
      flipped[middle]! ^= 1
      const cutOff = good.subarray(0, middle)
      const zeroed = Buffer.concat([cutOff, Buffer.alloc(good.length - middle)])
      for (const bad of [flipped, cutOff, zeroed]) {
        writeFileSync(path, bad)
        assert.equal(whole(made()), undefined)
      }
      assert.equal(typeof (await compiled(kept))?.main, 'function')
      assert.ok(whole(made()))
      assert.equal(readdirSync(kept).length, 1)
    })

  it('is used by one who may not write there, and did not make it', async () => {
    utimesSync(made(), 1, 1)
    chmodSync(kept, 0o555)
    // The administrator may always write.
    if (process.getuid?.() === 0) process.seteuid!(65_534)
    try {
      assert.equal(typeof (await compiled(kept))?.main, 'function')
    } finally {
      if (process.getuid?.() === 0) process.seteuid!(0)
      chmodSync(kept, 0o755)
    }
  })

  it('is done without where nothing can be written', async () => {
    assert.equal(await compiled(fileURLToPath(import.meta.url)), undefined)
  })

  it('understands every letter that the sources do', () => {
    assert.match(readFileSync(join(made(), 'main.cjs'), 'latin1'), /^[\0-\x7f]*$/)
    const flows = join(kept, 'flows/line')
    mkdirSync(flows, { recursive: true })
    cpSync('test/cli/letters.yaml', join(flows, 'hotline.yaml'))
    const { stdout } = spawnSync(process.execPath, ['cli/callwright.mjs', 'check', join(kept, 'flows')], { encoding: 'utf8' })
    rmSync(join(kept, 'flows'), { recursive: true })
    assert.match(stdout, /^line: Ämter, on 100, in de, 3 steps, a person after \d+ s of silence, no mistakes\n$/)
  })

  it('tells in traces of errors where in the sources it was', () => {
    const filename = '/callwright/cli/main.cjs'
    const text = readFileSync(join(made(), 'main.cjs'), 'latin1').split('\n')
    const line = text.findIndex((one) => one.includes('another engine has taken over the calls'))
    const column = text[line]!.indexOf('another engine has taken over the calls')
    const tell = sourcesOf({ filename, map: join(made(), 'main.cjs.map'), root: process.cwd() })
    const frames = (where: string, other: string): string => `Error: main.cjs\n    at run (${where})\n    at ${other}\n    at node:fs:1:2`
    const [, source] = /\(([^)]*)\)/.exec(tell(frames(`${filename}:${line + 1}:${column}`, 'x (/elsewhere/main.cjs:1:2)')))!
    const [, file, at] = /^(.*?):(\d+):\d+$/.exec(source!)!
    assert.equal(file, 'cli/run.ts')
    assert.match(readFileSync(file, 'utf8').split('\n')[Number(at) - 1]!, /another engine has taken over the calls/)
    const inPackage = text.findIndex((one) => one.includes('static fromObject('))
    const luxon = `${filename}:${inPackage + 1}:${text[inPackage]!.indexOf('static fromObject(') + 8}`
    for (const nowhere of [frames('/elsewhere/cli/main.cjs:1:1', `${filename}:nonsense`), frames(luxon, `${filename}:999999:1`)])
      assert.equal(tell(nowhere), nowhere)
  })
})
