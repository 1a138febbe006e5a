import assert from 'node:assert/strict'
import { allowedOf, refusal, specialOf } from '../../engine/backends/address.ts'

/** Addresses, and a word of what they are; undefined: on the public internet. First and last of every range. */
const known: [string, RegExp | undefined][] = [
  ['0.0.0.0', /this network/], ['0.255.255.255', /this network/], ['1.0.0.0', undefined], ['9.255.255.255', undefined],
  ['10.0.0.0', /private/], ['10.255.255.255', /private/], ['11.0.0.0', undefined],
  ['100.63.255.255', undefined], ['100.64.0.0', /6598/], ['100.127.255.255', /6598/], ['100.128.0.0', undefined],
  ['126.255.255.255', undefined], ['127.0.0.1', /loopback/], ['127.255.255.255', /loopback/], ['128.0.0.0', undefined],
  ['169.253.255.255', undefined], ['169.254.0.0', /link-local/], ['169.254.255.255', /link-local/], ['169.255.0.0', undefined],
  ['169.254.169.254', /metadata/], ['100.100.100.200', /metadata/], ['168.63.129.16', /metadata/], ['192.0.0.192', /metadata/],
  ['172.15.255.255', undefined], ['172.16.0.0', /private/], ['172.31.255.255', /private/], ['172.32.0.0', undefined],
  ['191.255.255.255', undefined], ['192.0.0.0', /protocols/], ['192.0.1.0', undefined], ['192.0.2.255', /documentation/],
  ['192.88.98.255', undefined], ['192.88.99.1', /6to4/], ['192.167.255.255', undefined], ['192.168.0.0', /private/],
  ['192.168.255.255', /private/], ['192.169.0.0', undefined], ['198.17.255.255', undefined], ['198.18.0.0', /measurements/],
  ['198.19.255.255', /measurements/], ['198.20.0.0', undefined], ['198.51.100.1', /documentation/], ['203.0.113.1', /documentation/],
  ['223.255.255.255', undefined], ['224.0.0.0', /multicast/], ['239.255.255.255', /multicast/], ['240.0.0.0', /reserved/],
  ['255.255.255.255', /reserved/], ['8.8.8.8', undefined],
  ['::', /unspecified/], ['::1', /loopback/], ['::2', /compatible/], ['::7f00:1', /compatible/], ['::127.0.0.1', /compatible/],
  ['::ffff:127.0.0.1', /loopback/], ['::ffff:7f00:1', /loopback/], ['::FFFF:a00:1', /private/], ['::ffff:8.8.8.8', undefined],
  ['0:0:0:0:0:ffff:a9fe:a9fe', /metadata/], ['::ffff:0:127.0.0.1', /reserved/],
  ['64:ff9b::127.0.0.1', /loopback/], ['64:ff9b::a9fe:a9fe', /metadata/], ['64:ff9b::10.0.0.1', /private/], ['64:ff9b::8.8.8.8', undefined],
  ['64:ff9b::1:8.8.8.8', /reserved/], ['64:ff9b:1::8.8.8.8', /local translation/],
  ['100::1', /discard/], ['100:0:0:1::', /reserved/], ['2001::1', /Teredo/], ['2001:2::', /protocols/], ['2001:20::', /protocols/],
  ['2001:1ff:ffff::', /protocols/], ['2001:200::', undefined], ['2001:db8::1', /documentation/], ['2001:db9::', undefined],
  ['2002:7f00:1::', /6to4/], ['2002:808:808::1', /6to4/], ['2003::', undefined], ['3fff::1', /documentation/], ['3fff:1000::', undefined],
  ['1fff:ffff::', /reserved/], ['2000::', undefined], ['2606:4700::1111', undefined], ['3ffe::', undefined], ['4000::', /reserved/], ['5f00::', /reserved/],
  ['fbff::', /reserved/], ['fc00::', /unique-local/], ['fdff::1', /unique-local/], ['fd00:ec2::254', /metadata/], ['fd20:ce::254', /metadata/],
  ['fe7f::', /reserved/], ['fe80::1', /link-local/], ['fe80::1%eth0', /link-local/], ['febf::1', /link-local/], ['fec0::1', /site-local/], ['ff02::1', /multicast/],
  ['', /no address/], ['127.1', /no address/], ['0x7f000001', /no address/], ['010.0.0.1', /no address/], ['1.2.3.4.5', /no address/], ['localhost', /no address/],
]

describe('addresses', () => {
  for (const [address, what] of known) {
    it(`${address === '' ? 'an empty one' : address} is ${what ? what.source : 'public'}`, () => {
      const found = specialOf(address)?.what
      if (what) assert.match(found ?? 'public', what)
      else assert.equal(found, undefined)
    })
  }
})

describe('what an admin allows', () => {
  /** Entry, address, port and host asked; whether it is let through. */
  const cases: [string[], string, string, boolean][] = [
    [[], '8.8.8.8', 'a.example:443', true],
    [[], '10.0.0.5', 'a.example:443', false],
    [['10.0.0.5'], '10.0.0.5', 'a.example:443', true],
    [['10.0.0.5'], '10.0.0.6', 'a.example:443', false],
    [['10.0.0.5'], '::ffff:10.0.0.5', 'a.example:443', true],
    [['::ffff:10.0.0.5'], '10.0.0.5', 'a.example:443', true],
    [['10.0.0.5'], '64:ff9b::10.0.0.5', 'a.example:443', false],
    [['10.0.0.5:8080'], '10.0.0.5', 'a.example:8080', true],
    [['10.0.0.5:8080'], '10.0.0.5', 'a.example:443', false],
    [['10.1.0.0/16'], '10.1.255.255', 'a.example:443', true],
    [['10.1.0.0/16'], '10.2.0.0', 'a.example:443', false],
    [['10.1.128.0/17'], '10.1.127.255', 'a.example:443', false],
    [['::ffff:10.1.0.0/112'], '10.1.2.3', 'a.example:443', true],
    [['fd00::/8'], 'fd12::1', 'a.example:443', true],
    [['fd00::/8'], 'fd00:ec2::254', 'a.example:443', false],
    [['fc00::/7'], '10.0.0.1', 'a.example:443', false],
    [['[::1]:8080'], '::1', '::1:8080', true],
    [['[::1]:8080'], '::1', '::1:8081', false],
    [['[::1]'], '::1', '::1:8081', true],
    [['169.254.0.0/16'], '169.254.1.1', 'a.example:80', true],
    [['169.254.0.0/16'], '169.254.169.254', 'a.example:80', false],
    [['169.254.169.254'], '169.254.169.254', 'a.example:80', true],
    [['0.0.0.0/0'], '127.0.0.1', 'a.example:80', true],
    [['0.0.0.0/0'], '168.63.129.16', 'a.example:80', false],
    [['64:ff9b::/96'], '64:ff9b::a9fe:a9fe', 'a.example:80', false],
    [['Clinic.internal:8443'], '10.0.0.5', 'clinic.INTERNAL.:8443', true],
    [['clinic.internal.:8443'], '127.0.0.1', 'clinic.internal:8443', true],
    [['clinic.internal:8443'], '10.0.0.5', 'clinic.internal:443', false],
    [['clinic.internal:8443'], '10.0.0.5', 'other.internal:8443', false],
    [['clinic.internal:8443'], '169.254.169.254', 'clinic.internal:8443', false],
    [['clinic.internal:8443'], '169.254.1.1', 'clinic.internal:8443', false],
    [['clinic.internal:8443'], '0.0.0.0', 'clinic.internal:8443', false],
    [['localhost:3000', '10.0.0.1'], '127.0.0.1', 'localhost:3000', true],
    [['0.0.0.0/0', '::/0'], 'no address', 'a.example:80', false],
  ]
  for (const [entries, address, target, isOpen] of cases) {
    it(`${entries.join(', ') || 'nothing'}: ${address} for ${target} is ${isOpen ? 'asked' : 'refused'}`, () => {
      const { allowed, mistakes } = allowedOf(entries)
      assert.deepEqual(mistakes, [])
      const [, host = '', port] = /^(.*):(\d+)$/.exec(target)!
      const words = refusal(address, { host, port: Number(port) }, allowed)
      if (isOpen) assert.equal(words, undefined)
      else assert.ok(words)
    })
  }

  const wrong: [string, RegExp][] = [
    ['', /is empty/], ['http://clinic.internal', /only its host and port/], ['clinic.internal', /write clinic\.internal:443/],
    ['10.0.0.0/33', /no such length: \/33/], ['fd00::/129', /no such length/], ['::ffff:10.0.0.0/90', /no such length/],
    ['10.0.0.5/8', /write 10\.0\.0\.0\/8/], ['fd00::1/8', /write fd00::\/8/], ['clinic/8', /no range/], ['300.0.0.0/8', /no range/],
    ['300.0.0.1', /no address/], ['10.0.0.1.:80', /no address/], ['clinic:0', /no such port/], ['clinic:65536', /no such port/],
    ['fe80::1%eth0', /zone/], ['[::1', /no address, range/], ['[clinic]:80', /no address/], ['-a:80', /no name/], ['a..b:80', /no name/],
    ['a b:80', /no name/], ['*:80', /no name/], ['fd00:::1', /no address/], ['10.0.0.0/8:80', /no range/], ['user@host:80', /no name/],
  ]
  for (const [entry, words] of wrong) {
    it(`says what is wrong with "${entry}"`, () => {
      const { allowed, mistakes } = allowedOf(['10.0.0.1', entry])
      assert.equal(allowed.length, 1)
      assert.equal(mistakes.length, 1)
      assert.match(mistakes[0]!, words)
      assert.ok(mistakes[0]!.startsWith(`"${entry}"`))
    })
  }
})
