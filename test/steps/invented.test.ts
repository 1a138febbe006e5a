import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { checkFlow } from '../../engine/language/check.ts'
import { flowSchema } from '../../engine/language/schema.ts'
import { survive } from '../../engine/language/survive.ts'
import { differences } from '../../engine/picture/difference.ts'
import { graphOf } from '../../engine/picture/graph.ts'
import { layOut } from '../../engine/picture/layout.ts'
import { mermaidOf } from '../../engine/picture/mermaid.ts'
import { svgOf } from '../../engine/picture/svg.ts'
import { explain } from '../../engine/picture/words.ts'
import { stepKinds } from '../../engine/steps/index.ts'
import type { StepKind } from '../../engine/steps/step.ts'
import { walk } from '../../rehearsal/walk/walk.ts'
import { Played, compiled, monday } from '../calls/play.ts'
import { wholeHotline } from '../docs/fragments.ts'
import { stepsPage } from '../docs/steps-page.ts'
import { confirm } from './invented.ts'

/** What adding a kind takes: its own file and its place in the list. All else follows, as here. */
describe('a new kind of step', () => {
  const kinds = stepKinds as Map<string, StepKind>
  before(() => void kinds.set(confirm.kind, confirm as unknown as StepKind))
  after(() => void kinds.delete(confirm.kind))

  const text = wholeHotline('steps', confirm.examples[0]!.replaceAll(/^ {4}/gm, '').trimStart())
  const flow = (from = '', to = '') => compiled(text.replace(from, to), 'new.yaml')
  const told = (from: string, to: string): string[] =>
    checkFlow(text.replace(from, to), { name: 'new', file: 'new.yaml' }).mistakes.map(({ message }) => message)

  it('is checked, with what to write instead', () => {
    assert.deepEqual(told('', ''), [])
    assert.match(told('confirm:', 'confrim:').join(), /did you mean "confirm"\?/)
    assert.match(told('into:', 'inot:').join(), /did you mean "into"\?/)
    assert.match(told('yes: goodbye', 'yes: goodby').join(), /did you mean "goodbye"\?/)
    assert.match(told('    yes: goodbye\n', '').join(), /"sure" does not say where the call goes by "key 1"/)
  })

  it('that does not say how it survives is left out while no engine runs, and that is told', () => {
    const { steps, losses } = survive(flow().flow, monday)
    assert.deepEqual(steps.en!.sure, [{ act: 'go', go: { to: 'agent' } }])
    assert.deepEqual(losses, [{ step: 'sure', what: 'confirm is left out', goes: 'agent' }])
  })

  it('is known to editors', () => {
    const schema = flowSchema()
    const fits = new Ajv({ strict: false }).compile(schema)
    assert.ok(fits(parse(text)))
    assert.ok(!fits(parse(text.replace('into:', 'inot:'))))
    const { markdownDescription } = (schema.definitions as Record<string, Record<string, string>>).confirm!
    assert.match(markdownDescription!, /^Asks a question that is answered by yes or no\.\n\nKey 1 is yes[^]*```yaml\nsure:\n/)
  })

  it('has its section in the manual', () => {
    const section = stepsPage(kinds.values()).split('\n## confirm\n')[1]!
    assert.match(section, /^\nAsks a question that is answered by yes or no\.\n\nKey 1 is yes, key 2 is no/)
    assert.ok(section.includes('| `say` | a text | The question | must be given |'))
    assert.ok(section.includes('| `yes` | Where the call goes at key 1 | the next step of the list |'))
    assert.ok(section.includes('```yaml steps\nsure:\n  confirm:\n'))
  })

  it('is drawn, put into words and compared', async () => {
    const graph = graphOf(flow())
    const ways = graph.boxes.find(({ name }) => name === 'sure')!.parts[0]!.ways
    assert.deepEqual(ways.map(({ words, to }) => `${words}: ${to}`), [
      'presses 1: goodbye',
      'presses 2: main',
      'silence or wrong keys, 3 times: agent',
    ])
    assert.match(mermaidOf(graph), /Shall we cancel/)
    assert.match(svgOf(await layOut(graph)), /Shall we cancel/)
    assert.match(explain(flow(), 'sure').join(), /^sure \(confirm\): Asks a question [^]*\nPresses 1: goes to `goodbye`/)
    const [change] = differences(flow(), flow('yes: goodbye', 'yes: agent'))
    assert.match(change!, /`sure`.*1.*`agent`/)
  })

  it('is called', () => {
    const call = new Played(flow())
    for (const event of ['key 1', 'key 2']) call.happens(event)
    assert.equal(call.context.answers.sure, false)
    assert.deepEqual(call.heard.at(-1)!.effects.filter((effect) => effect.startsWith('enter ')), ['enter main'])
  })

  it('is walked, every way of it', () => {
    const { text: tests, unreached } = walk(flow())
    assert.deepEqual(unreached.filter(({ mark }) => mark.step === 'sure'), [])
    assert.match(tests, /Shall we cancel/)
  })
})
