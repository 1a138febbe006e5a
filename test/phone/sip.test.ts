import assert from 'node:assert/strict'
import { answerChallenge } from './digest.ts'
import { parseSdp, writeSdp } from './sdp.ts'
import { header, headerAll, parseNameAddress, parseSip, writeNameAddress, writeSip } from './sip.ts'

describe('SIP', () => {
  it('reads a request: short names, folded lines, a body', () => {
    const message = parseSip('INVITE sip:1@a SIP/2.0\r\nv: SIP/2.0/UDP h;branch=1\r\nVia: SIP/2.0/UDP g\r\nSubject: a\r\n  b\r\nl: 4\r\n\r\nbody')!
    assert.ok('method' in message)
    assert.deepEqual([message.method, message.uri, message.body], ['INVITE', 'sip:1@a', 'body'])
    assert.deepEqual(headerAll(message, 'VIA'), ['SIP/2.0/UDP h;branch=1', 'SIP/2.0/UDP g'])
    assert.equal(header(message, 'subject'), 'a b')
  })

  it('reads a response, and passes over what is no SIP', () => {
    assert.deepEqual(parseSip('SIP/2.0 486 Busy Here\r\nCSeq: 1 INVITE\r\n\r\n'), { status: 486, reason: 'Busy Here', headers: [['CSeq', '1 INVITE']], body: '' })
    for (const text of ['', '\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n']) assert.equal(parseSip(text), undefined)
  })

  it('writes the length of the body in bytes', () => {
    assert.equal(writeSip({ method: 'INFO', uri: 'sip:a', headers: [['l2', 'x'], ['Content-Length', '99']], body: 'µ' }), 'INFO sip:a SIP/2.0\r\nl2: x\r\nContent-Length: 2\r\n\r\nµ')
  })

  for (const [text, name, user, params] of [
    ['"Anna \\"A\\" Berg" <sip:+6125@h:5060>;tag=x;lr', 'Anna "A" Berg', '+6125', { tag: 'x', lr: '' }],
    ['Anna <sip:anna@h>', 'Anna', 'anna', {}],
    ['<sip:h;lr>', '', '', {}],
    ['sip:%2312@h;tag=y', '', '#12', { tag: 'y' }],
  ] as const) {
    it(`reads the address ${text}`, () => {
      const address = parseNameAddress(text)
      assert.deepEqual([address.name, address.user, address.params], [name, user, params])
      assert.deepEqual(parseNameAddress(writeNameAddress(address)), address)
    })
  }

  it('answers a challenge as in RFC 2617 §3.5', () => {
    const challenge = 'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const answer = answerChallenge(challenge, { user: 'Mufasa', password: 'Circle Of Life' }, 'GET', '/dir/index.html', '0a4f113b')
    assert.match(answer, /response="6629fae49393a05397450978507c4ef1"/)
    assert.match(answer, /opaque="5ccc069c403ebaf9f0171e9517f40e41"/)
    assert.throws(() => answerChallenge('Digest realm="r", nonce="n", algorithm=SHA-256', { user: '', password: '' }, 'GET', '/'), /cannot answer/)
  })

  it('reads its own description, one without µ-law, and a refused one', () => {
    assert.deepEqual(parseSdp(writeSdp(4000, { eventType: 96 })), { host: '127.0.0.1', port: 4000, eventType: 96 })
    assert.equal(parseSdp('v=0\r\nc=IN IP4 h\r\nm=audio 4000 RTP/AVP 8\r\n'), undefined)
    assert.equal(parseSdp('v=0\r\nc=IN IP4 h\r\nm=audio 0 RTP/AVP 0\r\n'), undefined)
    assert.equal(parseSdp(''), undefined)
  })
})
