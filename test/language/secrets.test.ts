import assert from 'node:assert/strict'
import { Sessions } from '../../engine/call/sessions.ts'
import { VirtualClock } from '../../engine/clock.ts'
import { RecentCalls } from '../../engine/history.ts'
import type { CallJournal } from '../../engine/journal/journal.ts'
import { checkFlow } from '../../engine/language/check.ts'
import type { BackendPort, Log, Order, Voice } from '../../engine/ports.ts'
import { Simulator } from '../../telephony/simulator.ts'
import { compiled, monday } from '../calls/play.ts'

const head = `
hotline: Bank
numbers: ["100"]
queues: { desk: }
backends:
  bank: { url: https://bank.example }
  plain: { url: http://bank.example }
  here: { url: http://127.0.0.1:8080 }
  local: { url: http://localhost:8080 }
  somewhere: { url: "{{ env.BANK_URL }}" }
defaults: { input: { otherwise: agent }, failed: agent }
start: ask
steps:
`
const ask = '  ask:\n    - collect: { say: Your PIN please., digits: 5, into: pin, secret: true }\n'
const agent = '  agent: { queue: desk }\n'

describe('a secret answer', () => {
  /** Steps behind the question, and whether the checker lets the PIN go there. */
  const places: [where: string, step: string, may: boolean][] = [
    ['what is said', 'say: "It is {{ pin | digits }}."', false],
    ['a part of it', 'say: "It begins with {{ pin.substring(0, 1) }}."', false],
    ['a menu', 'menu: { say: "Is it {{ pin }}? Press 1.", keys: { 1: agent } }', false],
    ['a question', 'collect: { say: "Again {{ pin }}", digits: 5, into: again }', false],
    ['a note', 'note: "PIN {{ pin }}"', false],
    ['another answer', 'set: { copy: "{{ pin }}" }', false],
    ['another answer, changed', 'set: { first: "{{ int(pin) / 1000 }}" }', false],
    ['another answer, in words', 'set: { copy: "PIN {{ pin }}" }', false],
    ['whether it fits, as an answer', 'set: { right: "{{ pin == caller.number }}" }', false],
    ['another answer, by a key', 'menu: { keys: { 1: { for: it, go: agent, set: { copy: "{{ pin }}" } } } }', false],
    ['the path of a request', 'request: { get: "bank/pins/{{ pin }}" }', false],
    ['the query of a request', 'request: { get: "bank/pins?pin={{ pin }}" }', false],
    ['what is said while a backend is asked', 'request: { get: bank/pins, filler: "Asking for {{ pin }}" }', false],
    ['what is sent to an encrypted backend', 'request: { post: bank/pins, json: { pin: "{{ pin }}" } }', true],
    ['what is sent to a backend without encryption', 'request: { post: plain/pins, json: { of: { pin: ["{{ pin }}"] } } }', false],
    ['the same, changed', 'request: { post: plain/pins, json: { right: "{{ int(pin) > 5 }}" } }', false],
    ['what is sent within the machine', 'request: { post: here/pins, json: { pin: "{{ pin }}" } }', true],
    ['the same, by name', 'request: { post: local/pins, json: { pin: "{{ pin }}" } }', true],
    ['what is sent to an address that a setting holds', 'request: { post: somewhere/pins, json: { pin: "{{ pin }}" } }', true],
    ['a condition', 'branch: [{ if: pin == "12345", go: agent }]', true],
    ['the check of another question', 'collect: { say: Again., digits: 5, into: again, check: again == pin }', true],
    ['a question that is not secret', 'collect: { say: Once more., digits: 5, into: pin }', false],
    ['what the agent sees', 'queue: desk\n      tell: [pin]', false],
  ]
  for (const [where, step, may] of places)
    it(`${may ? 'may' : 'may not'} get to ${where}`, () => {
      const text = `${head}${ask}    - ${step}\n    - hang-up\n${agent}`
      const { mistakes } = checkFlow(text, { name: 'bank', file: 'bank.yaml', env: { BANK_URL: 'http://bank.example' } })
      const codes = mistakes.filter(({ warning }) => !warning).map(({ code }) => code)
      assert.deepEqual(codes, may ? [] : ['secret-told'], mistakes.join('\n'))
    })

  it('may not get to the address or a header of a backend', () => {
    for (const backend of ['{ url: "https://{{ pin }}.example" }', '{ url: https://a.example, headers: { X-Pin: "{{ pin }}" } }']) {
      const text = `${head.replace('{ url: https://bank.example }', backend)}${ask}    - hang-up\n${agent}`
      assert.ok(checkFlow(text, { name: 'bank', file: 'bank.yaml' }).mistakes.some(({ code }) => code === 'secret-told'))
    }
  })

  it('is found in nothing that leaves the engine, but in what a backend is sent', async () => {
    const above = head.replace('start: ask', 'start: welcome').replace('{{ env.BANK_URL }}', 'https://bank.example')
    const flow = compiled(
      `${above}  welcome: { say: Welcome to the bank., next: ask }
  ask:
    - collect: { say: Your PIN please., digits: 5, into: pin, secret: true, check: pin.endsWith("4") }
    - branch: [{ if: int(pin) / 0 > 1, go: agent }, { if: pin.startsWith("739"), go: send }]
      next: agent
  send:
    - request: { post: bank/broken, json: { half: "{{ int(pin) / 0 }}" }, failed: again }
    - hang-up
  again:
    - request: { post: bank/pins, json: { twice: "{{ int(pin) * 2 }}" }, into: account, failed: agent }
    - note: "Account {{ account.name }}"
    - outcome: signed-in
      next: agent
  agent: { queue: desk, tell: [account], say: One moment. }
`,
      'bank.yaml',
    )
    const told: unknown[] = []
    const sent: unknown[] = []
    const write = (facts: { err?: Error }, words: string): void =>
      void told.push({ ...facts, words, err: String(facts.err?.stack) })
    const log: Log = { info: write, warn: write, error: write }
    const clock = new VirtualClock(monday)
    const line = new Simulator({ name: 'test', clock })
    const obey = line.order.bind(line)
    line.order = (call: string, order: Order): void => {
      told.push(order)
      if (order.type === 'queue') throw new Error('the line is broken')
      obey(call, order)
    }
    const backends: BackendPort = {
      request: async ({ json, ...asked }) => {
        told.push(asked)
        sent.push(json)
        return { how: 'ok', data: { name: 'Kim' } }
      },
    }
    const history = new RecentCalls()
    const voice: Voice = { sound: () => Promise.reject(new Error('no sound')) }
    const journal: CallJournal = {
      write(entry, then) {
        told.push(JSON.parse(JSON.stringify(entry())))
        then()
      },
      flush() {},
    }
    const sessions = new Sessions({ flowFor: () => flow, clock, history, log, backends, voice, journal })
    sessions.watch((note) => told.push(note))
    await sessions.answer(line)
    const call = line.dial({ called: '100', caller: '+61255501234' }, (what) => told.push(what))
    // Two digits while the welcome is said, a PIN that is not accepted, then the right one, with # out of habit.
    for (const keys of ['73', '915', '7', '3914#']) {
      for (const key of keys) call.press(key)
      clock.pass(1000)
    }
    for (let i = 0; i < 5; i++) await Promise.resolve()
    clock.pass(60_000)
    told.push(history.of('+61255501234', clock.now()))

    assert.deepEqual(sent, [{ twice: 147_828 }])
    const everything = JSON.stringify(told)
    assert.match(everything, /"outcome":"signed-in"/)
    assert.match(everything, /Account Kim/)
    assert.match(everything, /the line is broken/)
    for (const planted of ['7391', '3914', '147828', '3915']) assert.ok(!everything.includes(planted), planted)
    const notes = told as { type?: string; key?: string }[]
    assert.equal(notes.map(({ type, key }) => (type === 'key' ? key : '')).join(''), '•••••••••••')
  })
})
