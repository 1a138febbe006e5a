import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The clinic that lies beside the vaccination hotline for trying, and the hotline, as the README has them started. */
describe('the small clinic of the vaccination hotline', function () {
  this.timeout(30_000)
  let clinic: ChildProcess
  let address: string

  before(async () => {
    clinic = spawn(process.execPath, ['flows/vaccination/clinic.mjs', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(clinic.stdout!, 'data')) as [Buffer]
    address = /http:\/\/[\d.:]+\d/.exec(line.toString())![0]
  })
  after(async () => {
    clinic.kill()
    await once(clinic, 'exit')
  })

  /** What the caller sees at the terminal who presses these keys. */
  async function played(keys: string): Promise<string> {
    const env = { ...process.env, CLINIC_URL: address, FLOW_ENV: 'CLINIC_URL', BACKENDS_ALLOW: new URL(address).host }
    const call = spawn(
      process.execPath,
      ['cli/callwright.mjs', 'play', 'flows/vaccination', '--at', '2026-11-23T10:00', '--from', '+61255501234'],
      { env, stdio: ['pipe', 'pipe', 'inherit'] },
    )
    let seen = ''
    call.stdout.on('data', (part: Buffer) => (seen += part.toString()))
    call.stdin.end(keys)
    await once(call, 'close')
    return seen
  }

  it('gives a time, finds the booking by its number, and gives the time back', async () => {
    const booking = await played('1\n1\n2600\n1\n1\nnext\n')
    assert.match(booking, /The next free time is .* at 9:30 a\.m\./)
    const [, digits = ''] = /Your booking number is ([\d, ]+)\./.exec(booking) ?? []
    const number = digits.replaceAll(/\D/g, '')
    assert.equal(number, '471182')

    assert.match(await played(`1\n2\n${number}#\n2\n1\n`), /You are booked for .*[\s\S]*Your appointment is cancelled/)
    assert.match(await played(`1\n2\n${number}#\n`), /I cannot find a booking with this number/)
  })

  it('makes a booking once that is asked for twice, and gives no time to two', async () => {
    const book = async (slot: number, key: string): Promise<unknown> =>
      (await fetch(`${address}/bookings`, { method: 'POST', body: JSON.stringify({ slot }), headers: { 'idempotency-key': key } })).json()
    const first = await book(2, 'a')
    assert.deepEqual(await book(2, 'a'), first)
    assert.deepEqual(await book(2, 'b'), { status: 'taken' })
  })

  it('says what it cannot answer', async () => {
    assert.equal((await fetch(`${address}/nothing`)).status, 404)
    assert.equal((await fetch(`${address}/find`, { method: 'POST', body: 'no JSON' })).status, 400)
  })
})
