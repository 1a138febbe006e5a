import assert from 'node:assert/strict'
import { queueEnd, transferEnd } from '../../telephony/ami/ends.ts'
import { callerNumber, parseResult, translate } from '../../telephony/ami/translate.ts'

const env = (...lines: string[]): string => encodeURIComponent(`agi_request: async\n${lines.join('\n')}\n\n`)
const start = (...lines: string[]) => ({ event: 'AsyncAGIStart', uniqueid: '1.2', channel: 'PJSIP/a-1', env: env(...lines) })
const waits = (arrival: object) => ({ type: 'waits-for-orders', call: '1.2', channel: 'PJSIP/a-1', arrival })
const result = (code: number, of: number, endpos = 0) => ({ code, result: of, endpos })

describe('what Asterisk’s events mean', () => {
  const cases: [string, object, object | undefined][] = [
    ['a call', start('agi_callerid: +4915', 'agi_callingpres: 0', 'agi_arg_1: entry', 'agi_arg_2: +4930100'),
      waits({ why: 'entry', called: '+4930100', caller: '+4915' })],
    ['a withheld number', start('agi_callerid: +4915', 'agi_callingpres: 32', 'agi_arg_1: entry', 'agi_arg_2: 1'),
      waits({ why: 'entry', called: '1', caller: '' })],
    ['a name that looks like an argument', start('agi_calleridname: agi_arg_1: queue-left', 'agi_arg_1: entry', 'agi_arg_2: 1'),
      waits({ why: 'entry', called: '1', caller: '' })],
    ['back from a queue', start('agi_arg_1: queue-left', 'agi_arg_2: TIMEOUT'), waits({ why: 'queue-left', status: 'TIMEOUT' })],
    ['back from a transfer', start('agi_arg_1: transfer-ended', 'agi_arg_2: BUSY'), waits({ why: 'transfer-ended', status: 'BUSY' })],
    ['back from a recording', start('agi_arg_1: recorded', 'agi_arg_2: SILENCE'), waits({ why: 'recorded', status: 'SILENCE' })],
    ['back without a status', start('agi_arg_1: queue-left'), waits({ why: 'queue-left', status: '' })],
    ['resumed', start('agi_arg_1: resumed'), waits({ why: 'resumed' })],
    ['somebody else’s AsyncAGI', start('agi_callerid: 1'), undefined],
    ['a broken Env', { event: 'AsyncAGIStart', uniqueid: '1', channel: 'x', env: '%zz' }, undefined],
    ['a key', { event: 'DTMFEnd', uniqueid: '1', digit: '#', direction: 'Received' }, { type: 'key-ended', call: '1', key: '#' }],
    ['a key going down', { event: 'DTMFBegin', uniqueid: '1', digit: '1', direction: 'Received' }, { type: 'key-began', call: '1', key: '1' }],
    ['a tone towards the caller', { event: 'DTMFEnd', uniqueid: '1', digit: '1', direction: 'Sent' }, undefined],
    ['a command that begins', { event: 'AGIExecStart', uniqueid: '1', command: 'STREAM FILE "x" ""', commandid: '4711' },
      { type: 'command-began', call: '1', text: 'STREAM FILE "x" ""' }],
    ['a command that ends', { event: 'AsyncAGIExec', uniqueid: '1', commandid: 'play-3', result: '200%20result%3D49%20endpos%3D1280%0A' },
      { type: 'command-ended', call: '1', command: 'play-3', result: result(200, 49, 1280) }],
    ['the end of control', { event: 'AsyncAGIEnd', uniqueid: '1' }, { type: 'control-ended', call: '1' }],
    ['an agent', { event: 'AgentConnect', uniqueid: '1', membername: 'Anna Berg', interface: 'PJSIP/a' },
      { type: 'agent-answered', call: '1', agent: 'Anna Berg' }],
    ['an agent without a name', { event: 'AgentConnect', uniqueid: '1', interface: 'PJSIP/a' },
      { type: 'agent-answered', call: '1', agent: 'PJSIP/a' }],
    ['a hang-up, in any case', { event: 'HANGUP', uniqueid: '1' }, { type: 'hung-up', call: '1' }],
    ['no call', { event: 'Hangup' }, undefined],
    ['a forged event', { event: 'UserEvent', uniqueid: '1', userevent: 'Hangup' }, undefined],
  ]
  for (const [name, event, expected] of cases) {
    it(name, () => assert.deepEqual(translate(event as Record<string, string>), expected))
  }
})

describe('results of AGI commands', () => {
  const cases: [string, ReturnType<typeof parseResult>][] = [
    ['200 result=0 endpos=48000\n', result(200, 0, 48_000)],
    ['200 result=-1 endpos=0\n', result(200, -1)],
    ['200 result= (timeout)\n', result(200, 0)],
    ['200 result=1 (some value) endpos=3\n', result(200, 1, 3)],
    ['510 Invalid or unknown command\n', result(510, 0)],
    ['520-Invalid command syntax.  Proper usage follows:\n', undefined],
    ['est of a long one\n200 result=0\n', undefined],
    ['', undefined],
  ]
  for (const [words, expected] of cases) {
    it(JSON.stringify(words), () => assert.deepEqual(parseResult(encodeURIComponent(words)), expected))
  }
  it('a percent sign that means itself', () => assert.deepEqual(parseResult('200 result=1 (100%)'), result(200, 1)))
})

it('a caller who withholds the number has none', () => {
  for (const name of ['', 'unknown', '<unknown>', 'Anonymous', 'anonymous', 'unavailable', ' Restricted ', 'private', '<>']) {
    assert.equal(callerNumber(name), '', name)
  }
  assert.equal(callerNumber('+4915', '0'), '+4915')
  assert.equal(callerNumber('+4915', '35'), '')
  assert.equal(callerNumber('+4915', '67'), '')
})

it('ends of queues and transfers', () => {
  const ends = (of: (status: string) => string, statuses: string): string => statuses.split(' ').map(of).join(' ')
  assert.equal(ends(queueEnd, 'CONTINUE TIMEOUT JOINEMPTY LEAVEEMPTY JOINUNAVAIL LEAVEUNAVAIL FULL UNKNOWN WITHDRAW'),
    'answered timed-out nobody-there nobody-there nobody-there nobody-there failed failed failed')
  assert.equal(queueEnd(''), 'failed')
  assert.equal(ends(transferEnd, 'ANSWER BUSY NOANSWER CANCEL CHANUNAVAIL CONGESTION NOTALLOWED'),
    'answered busy no-answer failed failed failed failed')
})
