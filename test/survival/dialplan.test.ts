import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { Prompt } from '../../engine/call/effects.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import { plainNumber, type Flow } from '../../engine/language/flow.ts'
import { survive } from '../../engine/language/survive.ts'
import { writeDialplan, type DialplanOptions } from '../../telephony/dialplan.ts'
import { compiled, monday } from '../calls/play.ts'
import { deadEnds } from './dead-ends.ts'

/** Sounds named by what they say, so that a dialplan can be read. */
const sound = (prompt: Prompt): string =>
  `/prompts/${prompt[0]?.language}/${prompt.map(({ text }) => text.replaceAll(/[^\p{L}\p{N}]+/gu, '-')).join('')}`

function written(flows: Flow[], more: Partial<DialplanOptions> = {}, sounds: typeof sound | (() => string | undefined) = sound): string {
  return writeDialplan({
    hotlines: flows.map((flow) => ({
      name: flow.name, numbers: flow.numbers.map(plainNumber), queues: Object.keys(flow.queues),
      survival: { plan: survive(flow, monday), sound: sounds },
    })),
    ami: { user: 'callwright', secret: 'secret' },
    ...more,
  })['extensions.conf']!
}

/** What is written for one hotline alone. */
const ofSurvival = (text: string): string => text.slice(text.indexOf('[callwright-survival-'), text.indexOf('; What becomes of callers'))

const examples = readHotlines('flows').flatMap(({ compiled: good }) => good?.flow ?? [])
const alone = compiled(readFileSync('test/real/survival.yaml', 'utf8'), 'alone.yaml').flow
const more = { transfers: { allow: ['+61*'], dial: 'PJSIP/{number}@trunk' }, recordings: '/recordings' }

describe('the dialplan of survival', () => {
  const golden: [name: string, flow: Flow][] = [['hello', examples.find(({ name }) => name === 'hello')!], ['every-kind', everyKind()]]
  for (const [name, flow] of golden) {
    it(`${name} is as written down`, () => {
      const file = new URL(`dialplan/${name}.conf`, import.meta.url)
      const text = ofSurvival(written([flow], more))
      if (process.env.UPDATE) writeFileSync(file, text)
      assert.equal(text, readFileSync(file, 'utf8'))
    })
  }

  for (const flow of [...examples, alone]) {
    it(`${flow.name}: every way leads somewhere`, () => {
      assert.deepEqual(deadEnds(written([flow])), [])
      assert.deepEqual(deadEnds(written([flow], more)), [])
    })

    it(`${flow.name}: also when no sound could be made`, () => {
      assert.deepEqual(deadEnds(written([flow], more, () => undefined)), [])
    })
  }

  it('dead ends are found', () => {
    const text = '[a]\nexten => x,1,Goto(y,1)\n same => n,GotoIf($["${A}" = "1"]?b,x,1:gone)\n same => n,Gosub(c,z,1(1,2))\nexten => y,1,NoOp()\n[b]\nexten => x,1,Hangup()\n'
    assert.deepEqual(deadEnds(text), [
      'a,x: there is no label gone', 'a,x: there is no c,z', 'a,x: it ends with Gosub(c,z,1(1,2))', 'a,y: it ends with NoOp()',
    ])
  })

  it('several hotlines, and one that cannot survive, stand beside each other', () => {
    const [first, second] = examples
    const text = written([first!, second!], {})
    assert.deepEqual(deadEnds(text), [])
    const without = writeDialplan({ hotlines: [{ name: 'old', numbers: ['1'], queues: [] }], ami: { user: 'c', secret: 's' } })['extensions.conf']!
    assert.deepEqual(deadEnds(without), [])
    assert.match(without, /\[callwright-survival\]\nexten => old,1,/)
  })

  it('a long name of a hotline, and long names of steps, are cut and stay different', () => {
    const long = `a${'-very'.repeat(16)}`
    const text = stringify({
      hotline: 'Long', numbers: ['1'], start: `${long}-1`,
      steps: { [`${long}-1`]: { say: 'One.', next: `${long}-2` }, [`${long}-2`]: { say: 'Two.', next: 'hang-up' } },
    })
    const dialplan = written([{ ...compiled(text, 'long.yaml').flow, name: 'x'.repeat(60) }])
    const names = [...dialplan.matchAll(/^exten => (step_[^,]+)|^\[([^\]]+)\]/gm)].map(([, step, context]) => step ?? context!)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.ok(name.length < 80, name)
    assert.deepEqual(deadEnds(dialplan), [])
  })

  it('nothing that an author writes becomes syntax', () => {
    const evil = ['$[1+1]', 'a,b', 'x)\n same => n,System(id)', 'a;b', '"quoted"', "o'clock", 'a&b', 'a\\,b', '[in]', 'a|b', '#include x', '${SHELL(id)}']
    const say = evil.slice(0, -1).join(' ')
    const is = (value: string): string => JSON.stringify(value)
    const text = stringify({
      hotline: say, numbers: ['1'], queues: { desk: { said: say } }, start: 'ask',
      defaults: { input: { otherwise: 'agent' } },
      steps: {
        ask: [
          { set: { area: 'x', ...Object.fromEntries(evil.map((value, i) => [`v${i}`, value])) } },
          { menu: { say, keys: { 1: { for: say, go: 'way', set: { area: say } } }, 'no-input': say, 'no-match': say } },
        ],
        way: { branch: [...evil.map((value) => ({ if: `area == ${is(value)} || area.startsWith(${is(value)}) || area in [${is(value)}]`, go: 'ask' })), { go: 'agent' }] },
        agent: [{ note: say }, { queue: 'desk', say, tell: evil.map((_, i) => `v${i}`) }],
      },
    })
    const dialplan = written([compiled(text, 'evil.yaml').flow], {}, () => '/a')
    for (const value of ['SHELL', 'System(', 'quoted', 'include', 'clock', '1+1']) assert.ok(!dialplan.includes(value), value)
    assert.deepEqual(deadEnds(dialplan), [])
    assert.throws(() => written([alone], {}, () => '/x,y'), /cannot stand in Asterisk's dialplan/)
    assert.throws(() => written([alone], { recordings: '/x${SHELL(id)}' }), /cannot stand in Asterisk's dialplan/)
  })
})

/** A flow with a step of every kind, in one language. */
function everyKind(): Flow {
  const text = `
hotline: Every kind
numbers: ["100"]
timezone: Europe/Berlin
opening-hours:
  night: { Mo-Fr: 22:00-06:00, holidays: DE-BE, except: { 2026-12-24: closed, 2026-12-31: "08:00-10:00, 12:00-13:00" } }
switches: { flood: { for: Flood }, staffed: { for: Staffed, starts: on } }
queues: { desk: { said: the desk } }
backends: { clinic: { url: https://clinic.example } }
defaults: { input: { otherwise: agent }, failed: agent }
start: welcome
steps:
  welcome: { say: Welcome., next: trial }
  trial: { split: { main: 12.5%, area: 87.5% } }
  main:
    menu:
      keys:
        1: { for: your area, go: area }
        2: { for: a message, go: message, set: { matter: message, price: "{{ 1 + 1 }}" } }
        "*": { for: the boss, go: boss, set: { matter: boss } }
      no-match: [Wrong., Wrong again., Still wrong.]
      barge-in: false
      tries: 4
  area:
    - collect: { say: Area?, digits: 2-4, into: area, check: 'area != "00" && !hours.night' }
    - branch:
        - { if: 'hours.night && (switches.flood || !switches.staffed)', go: boss }
        - { if: 'area.startsWith("26") || caller.number.startsWith("+49")', go: shared-area }
        - go: agent
  shared-area: { call: thanks, next: slots }
  thanks: [{ say: "Thank you, {{ area }}. One moment." }, return]
  slots: { request: { get: clinic/slots }, next: news }
  news: [{ message: Booked. }, { note: Was here. }, { outcome: booked, next: open }]
  open: { hours: night, open: agent, closed: message }
  message:
    - voicemail: { say: Speak., box: desk, consent: Press 1 to agree., end: "*" }
      next: call-back
      failed: survey
  call-back: { callback: desk, next: name, otherwise: survey }
  name: { record: { say: Your name?, into: who }, failed: survey, next: survey }
  survey: [{ survey: { say: Well?, scale: 1-5 } }, hang-up]
  boss: { transfer: "+61 2 6205 0000", say: One moment., ring: 20s, busy: agent, failed: agent }
  agent: { queue: desk, tell: [matter, area], max-wait: 5m, answered: survey, timed-out: message, nobody-there: message }
`
  return compiled(text, 'every-kind.yaml').flow
}
