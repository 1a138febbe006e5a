import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiled } from '../../cli/compiled.mjs'

describe('the program, compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-compiled-'))
  after(() => rmSync(folder, { recursive: true }))

  it('is made once for each state of the sources', async () => {
    const first = fileURLToPath((await compiled(folder))!)
    const made = statSync(first).mtimeMs
    assert.equal(fileURLToPath((await compiled(folder))!), first)
    assert.equal(statSync(first).mtimeMs, made)
    assert.equal(readdirSync(folder).length, 1, 'nothing unfinished is left')
  })

  it('is done without where nothing can be written', async () => {
    assert.equal(await compiled('/proc/nowhere'), undefined)
    assert.equal(existsSync('/proc/nowhere'), false)
  })
})
