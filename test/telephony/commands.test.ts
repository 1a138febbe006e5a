import assert from 'node:assert/strict'
import * as orders from '../../telephony/ami/commands.ts'
import { transferAllowed } from '../../telephony/ami/places.ts'

describe('orders in Asterisk’s words', () => {
  const cases: [string, unknown, unknown][] = [
    ['a prompt that a key stops', orders.streamFile('/p/a', true), 'STREAM FILE "/p/a" "0123456789*#"'],
    ['one that plays to its end', orders.streamFile('/p/a', false), 'STREAM FILE "/p/a" ""'],
    ['one that goes on where it was', orders.streamFile('/p/a', false, 480), 'STREAM FILE "/p/a" "" "480"'],
    ['a path with quotes and backslashes', orders.streamFile('/p/a "b" \\', false), 'STREAM FILE "/p/a \\"b\\" \\\\" ""'],
    ['a path that would be a second argument', orders.streamFile('/p" "9" "', false), 'STREAM FILE "/p\\" \\"9\\" \\"" ""'],
    ['a command', orders.command('PJSIP/a-1', 'X', 'play-1'), { Action: 'AGI', Channel: 'PJSIP/a-1', Command: 'X', CommandID: 'play-1' }],
    ['a lease', orders.lease('PJSIP/a-1', 10), { Action: 'AbsoluteTimeout', Channel: 'PJSIP/a-1', Timeout: '10' }],
    ['stop', orders.stopPlayback('PJSIP/a-1'), { Action: 'ControlPlayback', Channel: 'PJSIP/a-1', Control: 'stop' }],
    ['hang up', orders.hangUp('PJSIP/a-1'), { Action: 'Hangup', Channel: 'PJSIP/a-1', Cause: '16' }],
    ['a place', orders.redirect('PJSIP/a-1', 'c', 'e'), { Action: 'Redirect', Channel: 'PJSIP/a-1', Context: 'c', Exten: 'e', Priority: '1' }],
  ]
  for (const [name, said, expected] of cases) it(name, () => assert.deepEqual(said, expected))
})

describe('what agents are shown', () => {
  const cases: [Record<string, string>, string][] = [
    [{ postcode: '2600', reason: 'new booking' }, '2600, new booking'],
    [{}, ''],
    [{ a: '', b: '  ', c: 'x' }, 'x'],
    [{ a: 'Müller-Lüdenscheidt, geb. 1970' }, 'Müller-Lüdenscheidt geb. 1970'],
    [{ a: '"; ${SHELL(rm)} <sip:x@y>\\\r\n\0' }, 'SHELL rm sip:x y'],
    [{ a: '😀 ok' }, 'ok'],
    [{ a: 'x'.repeat(100) }, 'x'.repeat(60)],
  ]
  for (const [told, expected] of cases) it(JSON.stringify(told).slice(0, 60), () => assert.equal(orders.summary(told), expected))

  it('is JSON of printable ASCII that fits into one line', () => {
    const told = { name: 'Jürgen "J"\n😀', __proto__x: '1' }
    assert.match(orders.toldJson(told), /^[\x20-\x7e]*$/)
    assert.deepEqual(JSON.parse(orders.toldJson(told)), told)
    const much = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`key${at}`, 'ü'.repeat(20)]))
    assert.ok(orders.toldJson(much).length <= 900)
    assert.equal((JSON.parse(orders.toldJson(much)) as Record<string, string>).key0, 'ü'.repeat(20))
    assert.equal(orders.toldJson({ all: 'x'.repeat(2000) }), '{}')
  })
})

it('transfers go only where they may', () => {
  const allow = ['110', '+4930*', '*2']
  const may = (numbers: string): string => numbers.split(' ').filter((number) => transferAllowed(number, allow)).join(' ')
  assert.equal(may('110 1101 112 +4930 +4930123 +4931 4930 +49 *2'), '110 +4930 +4930123')
  for (const bad of ['+4930&1', '+4930@x', 'Local/+4930', '+4930 1', '', '+', '+4930123456789012345678', '+4930\n1']) {
    assert.equal(transferAllowed(bad, ['*', ...allow]), false, bad)
  }
  assert.equal(transferAllowed('123', ['*']), true)
  assert.equal(transferAllowed('123', []), false)
})
