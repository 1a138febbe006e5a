import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { CallNote, NoteWords } from '../../engine/call/notes.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { Health } from '../../engine/health/health.ts'
import { stateInWords } from '../../cli/status-words.ts'
import { but, well } from './states.ts'

/** A call in which everything happens that is counted. */
const notes: NoteWords[] = [
  { type: 'arrived', hotline: 'clinic', facts: { id: 'a', line: 'asterisk', called: '100', caller: '' } },
  { type: 'key', key: '1' },
  { type: 'trouble', words: 'no' },
  { type: 'queued', queue: 'nurses', tell: {} },
  { type: 'agent', agent: 'Mia' },
  { type: 'transferred', to: '1' },
  { type: 'recording', recording: 'a-1' },
  { type: 'left', left: { kind: 'survey', score: 5, least: 1, most: 5 } },
  { type: 'request-answered', backend: 'patients', how: 'ok', ms: 1 },
  { type: 'ended', by: 'caller', outcome: 'gave-up', deadAir: 0 },
]

/** The names of all metrics that there can be. */
async function metrics(): Promise<Set<string>> {
  const health = new Health(
    {
      version: '1',
      asterisk: () => well.asterisk,
      hotlines: () => well.hotlines,
      voices: () => well.voices,
      journal: () => well.journal,
      file: () => well.file,
      dialplan: () => well.dialplan,
      stopping: () => false,
    },
    new VirtualClock(0),
  )
  for (const note of [...notes, notes[0]!, { type: 'resumed', step: 'x', unledFor: 0 } as const])
    health.noted({ call: 'a', at: 0, ...note } as CallNote)
  await Promise.resolve(health.counting({ sound: () => Promise.reject(new Error('no voice')) }).sound([])).catch(
    () => {},
  )
  const names = new Set([...health.metrics().matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!))
  health.close()
  return names
}

const page = readFileSync('docs/admins/monitoring.md', 'utf8')

describe('docs/admins/monitoring.md', () => {
  it('tells of every metric, and of no other', async () => {
    const told = [...page.matchAll(/^\| `([a-z_0-9]+)` \|/gm)].map(([, name]) => name!)
    // What a system other than Linux does not tell is told of all the same.
    assert.deepEqual(new Set(told), new Set([...(await metrics()), 'process_open_fds', 'process_max_fds']))
    assert.equal(new Set(told).size, told.length)
  })

  it('has alerts on metrics that there are, each with what to do', async () => {
    type Rule = { alert: string; expr: string; annotations: Record<string, string> }
    const { groups } = parse(readFileSync('docs/admins/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] }
    const names = await metrics()
    const rules = groups.flatMap((group) => group.rules)
    assert.ok(rules.length > 5)
    for (const { alert, expr, annotations } of rules) {
      for (const [name] of expr.matchAll(/\b(?:callwright|process|nodejs)_[a-z_0-9]+/g))
        assert.ok(names.has(name), `${alert}: ${name}`)
      assert.ok(annotations.summary && annotations.todo, alert)
    }
  })

  it('shows the status as it is', () => {
    const shown = /^ {4}engine [^]*?(?=\n\n)/m.exec(page)![0].replaceAll(/^ {4}/gm, '')
    const state = but({
      startedAt: well.at - 11_520_000,
      asterisk: { words: `${well.asterisk.words} Asterisk reads prompts from the folder /var/lib/callwright/prompts.` },
      hotlines: [well.hotlines[0]!, { ...well.hotlines[0]!, name: 'power' }],
    })
    assert.equal(shown, stateInWords(state))
  })
})
