import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diff } from '../../cli/diff.ts'
import { explain } from '../../cli/explain.ts'
import { graph } from '../../cli/graph.ts'
import { clinicText } from './flows.ts'

describe('graph, explain and diff', () => {
  let folder: string
  let flows: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-picture-'))
    flows = join(folder, 'flows')
    const two = clinicText.replaceAll('"100"', '"500"').replace('"+61 2 5124 7700"', '"501"')
    for (const [name, text] of Object.entries({ clinic: clinicText, other: two })) {
      mkdirSync(join(flows, name), { recursive: true })
      writeFileSync(join(flows, name, 'hotline.yaml'), text)
    }
    writeFileSync(join(folder, 'broken.yaml'), clinicText.replace('next: language', 'next: langauge'))
    writeFileSync(join(folder, 'new.yaml'), clinicText.replace('Goodbye.', 'See you.'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** What a command says and answers. */
  async function told(command: () => unknown): Promise<{ text: string; code: unknown }> {
    const { log, error } = console
    const { exitCode } = process
    const write = process.stdout.write.bind(process.stdout)
    let text = ''
    const take = (words: unknown): void => void (text += `${String(words)}\n`)
    console.log = take
    console.error = take
    process.stdout.write = ((words: string) => take(words) ?? true) as typeof process.stdout.write
    try {
      await command()
      return { text, code: process.exitCode }
    } finally {
      Object.assign(console, { log, error })
      process.stdout.write = write
      process.exitCode = exitCode
    }
  }

  it('graph writes a picture for each hotline into a folder, and says where', async () => {
    const { text, code } = await told(() => graph(flows, { to: folder }))
    assert.equal(code, 0)
    assert.equal(text, `clinic: ${join(folder, 'clinic.svg')}\nother: ${join(folder, 'other.svg')}\n`)
    assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.svg')), ['clinic.svg', 'other.svg'])
    assert.match(readFileSync(join(folder, 'clinic.svg'), 'utf8'), /^<svg /)
  })

  it('graph prints text for other tools', async () => {
    const clinic = join(flows, 'clinic')
    assert.match((await told(() => graph(clinic, { mermaid: true }))).text, /^flowchart LR\n/)
    assert.match((await told(() => graph(clinic, { mermaid: true, language: 'de' }))).text, /Willkommen/)
    const { id } = JSON.parse((await told(() => graph(clinic, { xstate: true }))).text) as { id: string }
    assert.equal(id, 'clinic')
  })

  it('graph says what it cannot do', async () => {
    await assert.rejects(graph(flows, { mermaid: true }), /holds 2 hotlines: name one of clinic, other/)
    await assert.rejects(graph(join(flows, 'clinic'), { language: 'fr' }), /does not speak "fr": name one of en, de/)
    const { text, code } = await told(() => graph(join(folder, 'broken.yaml'), { to: '-' }))
    assert.equal(code, 1)
    assert.match(text, /did you mean "language"\?[^]*broken holds 1 mistake: it can be shown when that is put right\./)
  })

  it('explain finds a step in all flows, or in one', async () => {
    assert.match((await told(() => explain('closed', undefined, flows))).text, /^clinic: .*\n\nclosed \(say\)[^]*\n\nother: /)
    assert.match((await told(() => explain(join(flows, 'clinic'), 'closed', flows))).text, /^closed \(say\)/)
    assert.match((await told(() => explain(join(flows, 'clinic'), undefined, flows))).text, /^welcome [^]*\n\ngoodbye\/2 /)
    assert.throws(() => explain('closd', undefined, flows), /no step of .* is called "closd"; did you mean "closed"\?/)
  })

  it('diff answers 0 for nothing, 1 for something, 2 when it cannot tell', async () => {
    assert.deepEqual(await told(() => diff(flows, flows)), { text: 'Nothing is different for callers.\n', code: 0 })
    assert.deepEqual(await told(() => diff(join(flows, 'clinic'), join(folder, 'new.yaml'))), {
      text: '`goodbye` (step 1) says "See you." instead of "Goodbye." (en).\n', code: 1,
    })
    assert.equal((await told(() => diff(join(flows, 'clinic'), flows))).text, 'other: a new hotline, "Vaccination bookings".\n')
    assert.equal((await told(() => diff(flows, join(folder, 'broken.yaml')))).code, 2)
  })
})
