import assert from 'node:assert/strict'
import type { AnyStateNode } from 'xstate'
import { timerInWords } from '../../cli/timer-words.ts'
import { compiled } from '../calls/play.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 6s, between-keys: 3s }, failed: agent }
start: welcome
steps:
  welcome: { menu: { say: Welcome., keys: { 1: postcode, 2: message } } }
  postcode:
    collect: { say: Your postcode?, digits: 4, into: postcode }
    next: slots
  slots:
    request: { get: clinic/slots, into: slots }
    next: agent
  message: { voicemail: { box: desk, say: Leave a message. }, next: agent }
  agent: { queue: desk, answered: hang-up }
`,
  'desk.yaml',
)

describe('a timer that has run out', () => {
  const cases: [timer: RegExp, words: string][] = [
    [/welcome\.listening$/, 'no key for 6 s'],
    [/postcode\.listening$/, 'no key for 6 s'],
    [/postcode\.between$/, 'no other key for 3 s: the entry ends'],
    [/slots\.waiting$/, 'no answer of the backend for 1.5 s: the caller is told to wait'],
    [/slots\.filled$/, 'no answer of the backend for another 3 s'],
  ]
  /** All timers that a call of this flow can have. */
  const timersIn = (node: AnyStateNode): string[] => [
    ...node.after.map(({ eventType }) => eventType),
    ...Object.values(node.states).flatMap(timersIn),
  ]
  const timers = timersIn(flow.machine.root)
  for (const [timer, words] of cases)
    it(`tells: ${words}`, () => {
      const found = timers.filter((one) => timer.test(one))
      assert.deepEqual(found.map(timerInWords), [words])
    })

  it('says nothing of how machines are made, whatever it is', () => {
    for (const timer of [...timers, 'nothing']) assert.doesNotMatch(timerInWords(timer), /xstate|\.(?!\d)/)
  })
})
