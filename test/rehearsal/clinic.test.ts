import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { readTests } from '../../rehearsal/read.ts'
import { rehearse, rehearseAll } from '../../rehearsal/rehearse.ts'
import { inFull, notNeeded } from '../../rehearsal/report.ts'
import { holds } from '../../rehearsal/stubs.ts'
import { hotlinesForTests } from '../../rehearsal/unplugged.ts'

// The addresses and credentials of its backends are settings that are not there: tests need none.
const [hotline] = hotlinesForTests('test/rehearsal/clinic.yaml')
const compiled = hotline!.compiled!
const textOf = (name: string): string => readFileSync(`test/rehearsal/${name}.yaml`, 'utf8')

function conversationsIn(text: string) {
  const { conversations, mistakes } = readTests(text, 'tests.yaml', compiled.flow)
  assert.deepEqual(mistakes.map((one) => one.pretty()), [])
  return conversations
}

async function onlyResult(text: string) {
  const [result] = await rehearseAll(compiled, 'tests.yaml', conversationsIn(text))
  return result!
}

describe('a conversation with the clinic', () => {
  describe('goes as written', () => {
    for (const conversation of conversationsIn(textOf('clinic-tests')))
      it(conversation.test, async () => {
        const [result] = await rehearseAll(compiled, 'tests.yaml', [conversation])
        assert.ok(!result!.failure, result!.failure && inFull({ conversation, failure: result!.failure }))
        assert.deepEqual(notNeeded(result!), [])
      })
  })

  describe('parts from what was written', () => {
    const text = textOf('clinic-failures')
    const tests = conversationsIn(text.replaceAll(/^- case: /gm, '- test: ').replaceAll(/^ {2}says: .*\n/gm, ''))
    for (const [i, { case: name, says }] of (parse(text) as { case: string; says: string }[]).entries())
      it(name, async () => assert.equal((await rehearse(compiled, tests[i]!))?.reason, says))
  })

  it('shows what was asked and answered', async () => {
    const { conversation, failure } = await onlyResult(
      `- test: a
  backends:
    clinic/slots: { json: { free: [{ id: 7, at: 2026-11-24T09:30 }] }, after: 2s }
  call: [presses: 1, presses: 2600, hears: Tuesday, presses: 1, hears: Booked]
`,
    )
    assert.equal(
      inFull({ conversation, failure: failure! }),
      `✗ a
  tests.yaml:4:65 "Booked" was not said; the caller waits in the queue bookings; the test has no answer for clinic/bookings; add it under backends:

      0:00  [main]
      0:00  hotline  For a booking, press 1. For your name, press 2. For a message, press 3. For a call back, press 4. For an opinion, press 5. For a text, press 6. (cut short)
      0:00  caller   presses 1
      0:00  [postcode]
      0:00  hotline  Your postcode please. (cut short)
      0:00  caller   presses 2600
      0:00  [slots]
      0:00  line     asks get clinic/slots?postcode=2600&kind=a%26b
      0:01  hotline  One moment please.
      0:02  backend  answers {"free":[{"id":7,"at":"2026-11-24T09:30"}]}
      0:02  [slots, read-slot]
      0:02  hotline  The next free time is Tuesday, 24 November at 9:30 a.m. To take it, press 1. (cut short)
      0:02  caller   presses 1
      0:02  [book]
      0:02  line     asks post clinic/bookings {"slot":7,"phone":"+61255501234"}
      0:02  line     trouble: the backend clinic did not help: the test has no answer for clinic/bookings; add it under backends:
      0:02  [agent]
      0:02  line     waits in the queue bookings; the agent sees postcode "2600"
  > here the test says: hears: Booked`,
    )
  })

  it('shows what was recorded and left', async () => {
    const { failure } = await onlyResult('- { test: a, call: [presses: 3, speaks: 5s, presses: "#12", left: callback] }\n')
    assert.deepEqual(failure!.transcript.slice(3).map((row) => row.trim()), [
      '0:00  [message]',
      '0:00  hotline  Leave a message.',
      '0:01  line     a tone; what the caller says is recorded',
      '0:01  caller   speaks for 5s',
      '0:06  caller   presses #12',
      '0:06  hotline  To hear your message, press 1. To save it, press 2. To record it again, press 3. (cut short)',
      '0:06  hotline  plays what was recorded (cut short)',
      '0:06  line     the caller has left a voicemail: box bookings',
      '0:06  hotline  Thank you. Your message has been saved.',
      '0:09  [goodbye]',
      '0:09  hotline  Goodbye.',
      '0:09  line     the call is over: finished',
    ])
  })

  it('tells of answers that nobody has asked for, when all went well', async () => {
    const backends = 'backends: { clinic/slots: failed, clinic/bookings: failed }'
    const call = 'call: [presses: 1, presses: 2600, queued: bookings]'
    assert.deepEqual(notNeeded(await onlyResult(`- { test: a, ${backends}, ${call} }\n`)), [
      'warning: tests.yaml:1:48 nobody asked for clinic/bookings in "a"; take it out, or see where the conversation goes',
    ])
    const failing = await onlyResult(`- { test: a, ${backends}, ${call.replace('queued', 'transferred').replace('bookings', '110')} }\n`)
    assert.ok(failing.failure && notNeeded(failing).length === 0)
  })

  it('compares no more of what was sent than is written', () => {
    const sent = { slot: 7, who: { name: 'A', age: 3 }, list: [{ a: 1, b: 2 }, 5] }
    for (const so of [sent, {}, { slot: 7 }, { who: { age: 3 } }, { list: [{ b: 2 }, 5] }]) assert.ok(holds(sent, so), JSON.stringify(so))
    for (const not of [{ slot: '7' }, { toString: 1 }, { who: null }, { list: [{ b: 2 }] }, { list: { 0: {} } }, [], 7, null])
      assert.ok(!holds(sent, not), JSON.stringify(not))
    assert.ok(holds(null, null) && !holds(null, {}))
  })
})
