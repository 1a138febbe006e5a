import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { parse, parseDocument, stringify } from 'yaml'
import type { Prompt } from '../../engine/call/effects.ts'
import { survive } from '../../engine/language/survive.ts'
import { stepKinds } from '../../engine/steps/index.ts'
import type { Act, Condition, Fact, Go, Question } from '../../engine/survival.ts'
import { compiled, monday } from '../calls/play.ts'

/** How a step survives: what Asterisk does, in words, and what callers lose. */
type Case = { case: string; step: unknown; acts: string[]; loses?: string[] }

const file = new URL('steps.yaml', import.meta.url)
const text = readFileSync(file, 'utf8')
const table = parse(text) as Record<string, Case[]>
// As maps the steps keep the order in which keys were written.
const ordered = parse(text, { mapAsMap: true }) as Map<string, Map<string, unknown>[]>

/** Steps that a case can lead to. */
const others = {
  there: 'hang-up', elsewhere: 'hang-up', agent: 'hang-up',
  known: { collect: { say: { en: 'Area?', de: 'Gebiet?' }, digits: 4, into: 'area' }, next: 'step' },
  shared: { say: { en: 'Shared.', de: 'Geteilt.' }, next: 'return' },
}

describe('how steps survive', () => {
  for (const kind of stepKinds.keys()) {
    for (const [i, one] of (table[kind] ?? []).entries()) {
      it(`${kind}: ${one.case}`, () => {
        const survived = survival(ordered.get(kind)![i]!.get('step'))
        if (process.env.UPDATE) return update(kind, i, survived)
        assert.deepEqual(survived, { acts: one.acts, loses: one.loses ?? [] })
      })
    }

    it(`${kind}: says so in its own file, and has a case`, () => {
      assert.ok(stepKinds.get(kind)!.survives)
      assert.ok((table[kind]?.length ?? 0) > 0)
    })
  }
})

function survival(step: unknown): { acts: string[]; loses: string[] } {
  const flow = stringify({
    hotline: 'Case', numbers: ['100'], languages: ['en', 'de'], timezone: 'Australia/Canberra',
    'opening-hours': { office: { 'Mo-Fr': '09:00-17:00' } },
    switches: { flood: { for: 'Flood' } },
    queues: { desk: { said: { en: 'the desk', de: 'der Empfang' } } },
    backends: { clinic: { url: 'https://clinic.example' } },
    defaults: { input: { tries: 2, otherwise: 'agent' } },
    start: 'known',
    steps: { step, ...others },
  })
  const { steps, losses } = survive(compiled(flow, 'case.yaml').flow, monday)
  const acts = Object.entries(steps.en!).filter(([name]) => /^step(\/|$)/.test(name)).flatMap(([, list]) => list)
  return {
    acts: acts.map(inWords),
    loses: losses.filter(({ step: name }) => name === 'step').map(({ what, goes }) => (goes === undefined ? what : `${what} -> ${goes}`)),
  }
}

function inWords(act: Act<Prompt>): string {
  switch (act.act) {
    case 'say':
      return `say ${quoted(act.words)}${act.cut ? ', a key cuts it' : ''}${act.forget ? ', keys before are forgotten' : ''}`
    case 'choose':
      return `choose ${asked(act.question)}; ${Object.entries(act.keys).map(([key, go]) => `${key} ${way(go)}`).join(', ')}${act.other ? `, other ${way(act.other)}` : ''}`
    case 'enter':
      return `enter ${act.least}-${act.most} digits, ended by ${act.end}, into ${act.into} ${asked(act.question)}` +
        `${act.check ? `; if ${condition(act.check)}` : ''}; ${way(act.next)}`
    case 'branch':
      return `if ${condition(act.if)} ${way(act.go)}`
    case 'share':
      return act.shares.map(({ percent, go }) => `${percent}% ${way(go)}`).join(', ')
    case 'queue':
      return `queue ${act.queue} ${act.maxWait} ms, tell ${act.tell.join(' ')}; ${ways(act.ends)}`
    case 'call':
      return `call ${act.number} ${act.ring} ms; ${ways(act.ends)}`
    case 'record':
      return `record ${act.longest} ms for ${act.box}, ended by ${act.end} or ${act.silence} ms of silence; failed ${way(act.failed)}`
    case 'go':
      return way(act.go)
  }
}

const quoted = (words: Prompt): string => JSON.stringify(words.map(({ text: one }) => one).join(' '))
const asked = ({ prompt, silence, mistake, short, wait, tries, bargeIn, otherwise }: Question<Prompt>): string =>
  [
    quoted(prompt), ...silence.map((one) => `silence ${quoted(one)}`), ...mistake.map((one) => `wrong ${quoted(one)}`),
    ...short.map((one) => `short ${quoted(one)}`), `${wait} ms`, `${tries} tries`, ...(bargeIn ? [] : ['said to its end']),
    `otherwise ${way(otherwise)}`,
  ].join('; ')
const ways = (ends: Record<string, Go>): string => Object.entries(ends).map(([how, go]) => `${how} ${way(go)}`).join(', ')

function way({ to, end, set = {}, language }: Go): string {
  const sets = Object.entries(set).map(([name, value]) => (value === undefined ? `forget ${name}` : `${name} = ${value}`))
  const first = [...sets, ...(language === undefined ? [] : [`in ${language}`])].map((one) => `(${one}) `).join('')
  return `${first}-> ${to ?? end ?? 'on'}`
}

function condition(one: Condition): string {
  if ('always' in one) return String(one.always)
  if ('all' in one) return `(${one.all.map(condition).join(' and ')})`
  if ('any' in one) return `(${one.any.map(condition).join(' or ')})`
  if ('not' in one) return `not ${condition(one.not)}`
  if ('open' in one) return `open ${one.open}`
  if ('on' in one) return `on ${one.on}`
  if ('language' in one) return `language ${one.language}`
  const of = (fact: Fact): string => (typeof fact === 'string' ? fact : fact.answer)
  return 'is' in one ? `${of(one.of)} is "${one.is}"` : `${of(one.of)} begins "${one.begins}"`
}

function update(kind: string, i: number, { acts, loses }: { acts: string[]; loses: string[] }): void {
  const document = parseDocument(readFileSync(file, 'utf8'))
  document.setIn([kind, i, 'acts'], acts)
  if (loses.length > 0) document.setIn([kind, i, 'loses'], loses)
  else document.deleteIn([kind, i, 'loses'])
  writeFileSync(file, document.toString({ lineWidth: 0 }))
}
