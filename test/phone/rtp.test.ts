import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Media } from './media.ts'
import { PCMU, parseKeyEvent, parseRtp, writeKeyEvent, writeRtp, type RtpPacket } from './rtp.ts'

describe('RTP', () => {
  it('reads what it writes', () => {
    const packet: RtpPacket = { payloadType: 101, marker: true, sequence: 65_535, timestamp: 4_294_967_295, ssrc: 7, payload: Buffer.from([1, 2, 3]) }
    assert.deepEqual(parseRtp(writeRtp(packet)), packet)
  })

  for (const [what, bytes, payload] of [
    ['an extension', [0x90, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 9, 9, 9, 9, 5], [5]],
    ['a contributing source', [0x81, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 5], [5]],
    ['padding', [0xa0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 5, 0, 2], [5]],
    ['a wrong version', [0x40, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 5], undefined],
    ['too little', [0x80, 0], undefined],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(parseRtp(Buffer.from(bytes))?.payload.toJSON().data, payload))
  }

  for (const [key, hex] of [['0', '000a0320'], ['9', '090a0320'], ['*', '0a0a0320'], ['#', '0b0a0320'], ['D', '0f0a0320']] as const) {
    it(`writes key ${key}`, () => {
      assert.equal(writeKeyEvent({ key, end: false, duration: 800 }).toString('hex'), hex)
      assert.deepEqual(parseKeyEvent(Buffer.from(hex, 'hex')), { key, end: false, duration: 800 })
    })
  }

  it('knows no other keys', () => assert.throws(() => writeKeyEvent({ key: 'x', end: false, duration: 0 }), /no such key: "x"/))

  it('sends a key as RFC 4733 wants: a mark, one time stamp, growing durations, three ends', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1')
    await once(other, 'listening')
    const events: { marker: boolean, timestamp: number, key: string, end: boolean, duration: number }[] = []
    const sounds: number[] = []
    other.on('message', (bytes) => {
      const { payloadType, payload, marker, timestamp } = parseRtp(bytes)!
      if (payloadType === PCMU) sounds.push(timestamp)
      else events.push({ marker, timestamp, ...parseKeyEvent(payload)! })
    })
    const media = await Media.open()
    media.start({ host: '127.0.0.1', port: other.address().port, eventType: 101 })
    await Promise.all([media.press('5', 60), media.press('6', 20)])
    while (events.length < 10) await once(other, 'message')
    media.close()
    other.close()
    const start = events[0]!.timestamp
    assert.deepEqual(events.slice(0, 6), [
      { marker: true, timestamp: start, key: '5', end: false, duration: 160 },
      { marker: false, timestamp: start, key: '5', end: false, duration: 320 },
      { marker: false, timestamp: start, key: '5', end: false, duration: 480 },
      ...[1, 2, 3].map(() => ({ marker: false, timestamp: start, key: '5', end: true, duration: 480 })),
    ])
    const second = events[6]!
    assert.deepEqual([second.marker, second.key, second.timestamp - start], [true, '6', 6 * 160], 'three packets down, three of sound between')
    assert.equal(sounds.filter((timestamp) => timestamp > start && timestamp < second.timestamp).length, 3)
    await assert.rejects(media.press('1', 20), /the call has no sound/)
  })
})
