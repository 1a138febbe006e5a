import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { stepKinds } from '../../engine/steps/index.ts'
import { Played, compiled, monday, named } from '../calls/play.ts'

/** A step by itself: what is heard, and what it does until the call is at another step. */
type Case = {
  case: string
  /** As it stands in a flow, or a list of steps. */
  step: unknown
  languages?: string[]
  /** The caller's number; empty when withheld. */
  caller?: string
  /** The caller has rung before. */
  before?: { outcome: string }
  hears: string[]
  does: string[]
  /** Answers when all is over. */
  knows?: Record<string, unknown>
  'goes-to': string
}

/** Steps that a case can lead to. */
const others = {
  there: 'hang-up',
  elsewhere: 'hang-up',
  agent: 'hang-up',
  question: { menu: { say: '{{ "1?" }}', keys: { 1: 'there' } } },
  shared: { menu: { say: '{{ "2?" }}', keys: { 1: 'return', 2: { go: 'return', set: { two: true } }, 3: 'there' } } },
  returning: [{ set: { came: true } }, 'return'],
  twice: [{ call: 'shared' }, { call: 'shared', next: 'return' }],
}

for (const kind of stepKinds.keys()) {
  describe(`step ${kind}`, () => {
    // A kind without cases fails here.
    const text = readFileSync(`test/steps/${kind}.yaml`, 'utf8')
    const cases = parse(text) as Case[]
    // As maps the steps keep the order in which keys and answers were written.
    const steps = (parse(text, { mapAsMap: true }) as Map<string, unknown>[]).map((one) => one.get('step'))
    for (const [i, one] of cases.entries()) it(one.case, () => plays({ ...one, step: steps[i] }))

    it('has a case at least, and none of another kind', () => {
      assert.ok(cases.length > 0)
      for (const { step, case: name } of cases)
        assert.ok(JSON.stringify(step).includes(kind), `"${name}" is no case of ${kind}`)
    })
  })
}

function plays({ step, languages = ['en'], caller, before, hears, does, knows, 'goes-to': goesTo }: Case): void {
  const flow = stringify({
    hotline: 'Case',
    numbers: ['100'],
    languages,
    timezone: 'Australia/Canberra',
    'opening-hours': { weekdays: { 'Mo-Fr': '09:00-17:00' }, weekend: { 'Sa, Su': '09:00-17:00' } },
    queues: {
      desk: { said: Object.fromEntries(languages.map((tag) => [tag, tag === 'en' ? 'the desk' : 'der Empfang'])) },
      quiet: null,
    },
    backends: { clinic: { url: 'https://clinic.example/v1', headers: { 'X-From': 'callwright' } } },
    defaults: { input: { wait: '5s', 'between-keys': '2s', tries: 2, otherwise: 'agent' } },
    start: 'step',
    steps: { step, ...others },
  })
  const earlier = before
    ? [
        {
          id: 'b',
          caller: '',
          called: '100',
          hotline: 'test',
          at: monday - 3_600_000,
          step: 'main',
          language: 'en',
          ...before,
        },
      ]
    : []
  const call = new Played(compiled(flow, 'case.yaml'), { earlier, ...(caller === undefined ? {} : { caller }) })
  for (const event of hears) call.happens(event)
  const all = call.heard.flatMap(({ effects }) => effects)
  const left = all.findIndex((effect) => /^enter (?!step|\S+@step)/.test(effect))
  const here = (left < 0 ? all : all.slice(0, left)).filter((effect) => !effect.startsWith('enter '))
  assert.deepEqual(here, does)
  const at = all.findLast((effect) => effect.startsWith('enter '))!.slice('enter '.length)
  const first = left < 0 ? at : all[left]!.slice('enter '.length)
  assert.equal(first, goesTo)
  const answers = Object.entries(call.context.answers).map(([name, value]) => [name, typeof value === 'string' ? named(value) : value])
  if (knows) assert.deepEqual(Object.fromEntries(answers), knows)
}
