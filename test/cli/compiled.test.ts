import assert from 'node:assert/strict'
import { accessSync, chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Plain JavaScript without types. */
const { compiled } = await import(String(new URL('../../cli/compiled.mjs', import.meta.url))) as { compiled(kept: string): Promise<string | undefined> }

describe('the program, compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-compiled-'))
  before(() => chmodSync(folder, 0o755))
  after(() => rmSync(folder, { recursive: true }))

  it('is made once for each state of the sources', async () => {
    const first = fileURLToPath((await compiled(folder))!)
    const made = statSync(first).mtimeMs
    assert.equal(fileURLToPath((await compiled(folder))!), first)
    assert.equal(statSync(first).mtimeMs, made)
    assert.equal(readdirSync(folder).length, 1, 'nothing unfinished is left')
  })

  it('is used by one who may not write there, and did not make it', async () => {
    const file = fileURLToPath((await compiled(folder))!)
    const [made] = readdirSync(folder)
    utimesSync(join(folder, made!), 1, 1)
    chmodSync(folder, 0o555)
    // The administrator may always write.
    if (process.getuid?.() === 0) process.seteuid!(65_534)
    try {
      assert.equal(fileURLToPath((await compiled(folder))!), file)
      accessSync(file)
    } finally {
      if (process.getuid?.() === 0) process.seteuid!(0)
      chmodSync(folder, 0o755)
    }
  })

  it('is done without where nothing can be written', async () => {
    assert.equal(await compiled(fileURLToPath(import.meta.url)), undefined)
  })
})
