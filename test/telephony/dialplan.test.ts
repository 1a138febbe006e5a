import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { type DialplanOptions, writeDialplan } from '../../telephony/dialplan.ts'

const OPTIONS: DialplanOptions = {
  hotlines: [
    { name: 'vaccination', numbers: ['+4930100', '+4930101'], queues: ['booking', 'advice'], fallbackQueue: 'night', sorry: '/var/lib/callwright/sorry' },
    { name: 'city', numbers: ['200'], queues: ['booking'] },
  ],
  ami: { user: 'callwright', secret: 'pass word=1' },
  transfers: { allow: ['+49301234', '+4989*'], dial: 'PJSIP/{number}@trunk' },
}

describe('the dialplan', () => {
  for (const name of ['extensions.conf', 'manager.conf', 'queues.conf', 'README']) {
    it(`${name} is as written down`, async () => {
      const text = writeDialplan(OPTIONS)[name]!
      const golden = new URL(`dialplan/${name}`, import.meta.url)
      if (process.env.UPDATE) await writeFile(golden, text)
      assert.equal(text, await readFile(golden, 'utf8'))
    })
  }

  it('refuses what Asterisk would read as syntax', () => {
    const [line] = OPTIONS.hotlines
    const bad = ['a,b', 'a b', 'a)', '(a', 'a;b', 'a\nb', '${A}', 'a"b', '', 'a]b', 'a&b']
    const hotlines = (changes: object): DialplanOptions => ({ ...OPTIONS, hotlines: [{ ...line!, ...changes }] })
    for (const value of bad) {
      const wrong: [string, DialplanOptions][] = [
        ['name', hotlines({ name: value })],
        ['number', hotlines({ numbers: [value] })],
        ['queue', hotlines({ queues: [value] })],
        ['user', { ...OPTIONS, ami: { user: value, secret: 'x' } }],
        ['allowed number', { ...OPTIONS, transfers: { allow: [value], dial: 'PJSIP/{number}' } }],
        ['way to dial', { ...OPTIONS, transfers: { allow: [], dial: `PJSIP/{number}${value || ' '}` } }],
      ]
      for (const [what, options] of wrong) assert.throws(() => writeDialplan(options), new RegExp(what), `${what} ${JSON.stringify(value)}`)
    }
    for (const sorry of ['a,b', 'a&b', 'a)', '${A}', 'a\n', 'a;b']) assert.throws(() => writeDialplan(hotlines({ sorry })), /sound/)
    for (const secret of ['a\nb', 'a;b', '', ' a', 'ä']) assert.throws(() => writeDialplan({ ...OPTIONS, ami: { user: 'u', secret } }), /secret/)
    assert.throws(() => writeDialplan({ ...OPTIONS, transfers: { allow: [], dial: 'Local/1' } }), /way to dial/)
  })

  it('does not say the secret when it refuses it', () => {
    assert.throws(() => writeDialplan({ ...OPTIONS, ami: { user: 'u', secret: 'hush;hush' } }), (error: Error) => !error.message.includes('hush'))
  })

  it('refuses a number that two hotlines have', () => {
    const hotlines = ['a', 'b'].map((name) => ({ name, numbers: [name === 'a' ? '+49' : '49'], queues: [] }))
    assert.throws(() => writeDialplan({ ...OPTIONS, hotlines }), /49 is given to two hotlines/)
  })
})
