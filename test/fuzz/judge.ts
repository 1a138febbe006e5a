import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow } from '../../engine/language/compile.ts'
import type { FlowError } from '../../engine/language/mistakes.ts'
import { readTests } from '../../rehearsal/read.ts'
import type { Case } from './cases.ts'

/** The longest that the checker may be busy with one file, in milliseconds of the processor. */
export const longestMs = 250

/** What came of a case. `mistakes`: those that keep it from going live. `trouble`: what the checker did wrong. */
export type Verdict = { ms: number; mistakes: number; warnings: number; trouble?: string }

const vaccination = readFileSync('flows/vaccination/hotline.yaml', 'utf8')
const { flow: hotline } = checkFlow(vaccination, { name: 'vaccination', file: 'hotline.yaml' })

/** Checks a spoilt file as `callwright check` does, and whether what is said of it can be right. */
export function judge({ what, text }: Pick<Case, 'what' | 'text'>): Verdict {
  const check = what === 'flow' ? checkAll : checkTests
  try {
    const { ms, value: mistakes } = timed(() => check(text))
    saysWhere(text, mistakes)
    const warnings = mistakes.filter(({ warning }) => warning).length
    const verdict = { ms, mistakes: mistakes.length - warnings, warnings }
    return ms > longestMs ? { ...verdict, trouble: `took ${Math.round(ms)} ms` } : verdict
  } catch (error) {
    return { ms: 0, mistakes: 0, warnings: 0, trouble: (error as Error).stack ?? String(error) }
  }
}

/** A flow that holds no mistake must compile, and one that holds one must not go live. */
function checkAll(text: string): FlowError[] {
  const { flow, compiled, mistakes } = checkFlow(text, { name: 'test', file: 'file.yaml' })
  const refused = mistakes.some(({ warning }) => !warning)
  assert.equal(flow === undefined, refused, 'goes live with a mistake, or is refused without one')
  assert.equal(compiled === undefined, refused)
  if (flow) assert.ok(compileFlow(flow).machine.root)
  return mistakes
}

function checkTests(text: string): FlowError[] {
  const { conversations, mistakes } = readTests(text, 'file.yaml', hotline)
  for (const { place } of conversations) place()
  return mistakes
}

/** What slips into messages when nobody has worded them. */
const unsaid = /\[object|Invalid input|expected .* received|overload|^undefined|\bundefined\b$/

/** Every mistake has its place within the file, the line as it is written there, words, and a suggestion. */
function saysWhere(text: string, mistakes: FlowError[]): void {
  assert.deepEqual(Object.keys(Object.prototype), [], 'all objects have got a new field')
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const said = new Set<string>()
  let before = { line: 0, column: 0 }
  for (const mistake of mistakes) {
    const { place, line, message, detail, suggestion } = mistake
    assert.equal(place.file, 'file.yaml')
    assert.equal(line, shown(rows[place.line - 1], mistakes), message)
    const within = place.column >= 1 && place.column <= line.length + 1
    assert.ok(within, `column ${place.column} of ${line.length}: ${message}`)
    assert.ok(detail.trim() && suggestion?.trim(), `says too little: ${message}`)
    assert.doesNotMatch(detail, unsaid, message)
    assert.ok(message.length < 2000, `says too much: ${message.slice(0, 300)}`)
    const ordered = place.line > before.line || (place.line === before.line && place.column >= before.column)
    assert.ok(ordered, `out of order: ${message}`)
    assert.ok(!said.has(message), `said twice: ${message}`)
    // Below an empty line there is nothing to point at.
    if (line !== '') assert.match(mistake.pretty().split('\n').at(-1)!, /^ *\| *\^$/)
    said.add(message)
    before = place
  }
}

/** Of a file that is too much, only the part around the first mistake is kept. */
const shown = (row: string | undefined, mistakes: FlowError[]): string =>
  mistakes.length === 1 && row?.startsWith(mistakes[0]!.line) ? mistakes[0]!.line : row!

/** How long something takes, at its quickest of up to four times: what else the machine does is none of its time. */
function timed<T>(run: () => T): { ms: number; value: T } {
  let quickest = Infinity
  for (let n = 0; ; n++) {
    const [began, used] = [performance.now(), process.cpuUsage()]
    const value = run()
    const { user, system } = process.cpuUsage(used)
    // The processor is also used by the collector of garbage beside us, the clock also goes while others run.
    quickest = Math.min(quickest, performance.now() - began, (user + system) / 1000)
    if (quickest <= longestMs || n === 3) return { ms: quickest, value }
  }
}
