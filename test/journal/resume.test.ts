import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../engine/journal/sqlite.ts'
import { compiled } from '../calls/play.ts'
import { Engines } from './engines.ts'

const flow = compiled(
  `
hotline: Desk
numbers: ["100"]
queues: { desk: }
backends: { clinic: { url: "https://clinic.example" } }
defaults: { input: { otherwise: agent, wait: 5s, between-keys: 2s }, failed: agent }
start: welcome
steps:
  welcome: { say: Welcome., next: main }
  main:
    menu: { keys: { 1: { for: a booking, go: postcode }, 2: { for: your account, go: pin } } }
  postcode:
    collect: { say: Your postcode?, digits: 4, into: postcode }
    next: slots
  slots:
    request: { get: "clinic/slots?postcode={{ postcode }}", into: slots }
    next: offer
  offer:
    menu: { say: "At {{ slots.at }}, press 1.", keys: { 1: booked } }
  booked:
    - outcome: booked
    - hang-up
  pin:
    collect: { say: Your secret number?, digits: 4, into: pin, secret: true }
    next: login
  login:
    request: { post: clinic/login, json: { pin: "{{ pin }}" }, into: account }
    next: greeting
  greeting:
    menu: { say: "Hello {{ account.name }}. For an agent press 1.", keys: { 1: agent } }
  agent:
    queue: desk
    tell: [postcode]
    answered: survey
  survey:
    survey: { say: How was it?, scale: 1-5 }
    next: hang-up
`,
  'desk.yaml',
)

/** Where a secret number is asked for on the way to four places, by a step that comes back. */
const account = compiled(
  `
hotline: Account
numbers: ["100"]
queues: { desk: }
backends: { bank: { url: "https://bank.example" } }
defaults: { input: { otherwise: end, wait: 5s }, failed: sorry }
start: main
steps:
  main:
    menu: { keys: { 1: { for: the balance, go: balance }, 2: { for: cancelling, go: cancel }, 3: { for: people, go: agent }, 4: { for: the end, go: nothing } } }
  balance: [{ call: pin }, { menu: { keys: { 1: { for: the balance, go: login } } } }]
  cancel: [{ call: pin }, { menu: { keys: { 1: { for: to cancel, go: login } } } }]
  agent: [{ call: pin }, { queue: desk, answered: login }]
  nothing: [{ call: pin }, { menu: { keys: { 1: { for: the end, go: end } }, otherwise: end } }]
  end: hang-up
  pin:
    collect: { say: Your secret number?, digits: 4, into: pin, secret: true }
    next: return
  login:
    request: { post: bank/login, json: { pin: "{{ pin }}" } }
    next: hang-up
  sorry:
    menu: { say: It did not work., keys: { 1: { for: an agent, go: end } }, otherwise: end }
`,
  'account.yaml',
)

/** A caller who has keyed the secret number and is now at one of the four places. */
function onLine(place: 'balance' | 'cancel' | 'queue' | 'nothing'): Engines {
  const key = { balance: 1, cancel: 2, queue: 3, nothing: 4 }[place]
  const call = new Engines(account, openStore(':memory:')).arrives()
  call.happens(`key ${key}`, 'key 8', 'key 6', 'key 4', 'key 2')
  return place === 'queue' ? call.happens('finished') : call
}

const started = (): Engines => new Engines(flow, openStore(':memory:')).arrives()

describe('going on with a call after kill -9', () => {
  it('a prompt that was cut begins again', () => {
    const call = started().happens('finished')
    assert.equal(call.last, 'For a booking, press 1. For your account, press 2.')
    const before = call.network.ordered.length
    call.killed(800)
    assert.deepEqual(call.network.adopted, ['call-1'])
    assert.equal(call.network.ordered.length, before + 1)
    assert.equal(call.last, 'For a booking, press 1. For your account, press 2.')
    assert.equal(call.happens('key 1').last, 'Your postcode?')
  })

  it('an answer half keyed is keyed to its end', () => {
    const call = started().happens('finished', 'key 1', 'key 2', 'key 6').killed()
    call.happens('key 0', 'key 0')
    assert.equal(call.asked[0]?.url, 'https://clinic.example/slots?postcode=2600')
  })

  it('a silence that is over when it comes back counts at once, one that is not in its time', () => {
    const call = started().happens('finished', 'finished', '2s passes')
    const asked = call.network.ordered.length
    call.killed(2000)
    assert.equal(call.network.ordered.length, asked)
    call.happens('1s passes')
    assert.equal(call.last, 'I did not hear a key. For a booking, press 1. For your account, press 2.')
    const late = started().happens('finished', 'finished').killed(30_000).happens('0s passes')
    assert.equal(late.last, 'I did not hear a key. For a booking, press 1. For your account, press 2.')
  })

  it('a request under way is asked again with the same key, and counts once', async () => {
    const call = started().happens('finished', 'key 1', 'key 2', 'key 6', 'key 0', 'key 0')
    call.answer = async () => ({ how: 'ok', data: { at: 'nine' } })
    call.killed(500)
    assert.equal(call.asked.length, 2)
    assert.equal(call.asked[0]!.key, call.asked[1]!.key)
    await Promise.resolve()
    await new Promise(setImmediate)
    assert.equal(call.settle().last, 'At nine, press 1.')
    assert.deepEqual(call.killed().happens('key 1').steps.slice(-2), ['booked/1', 'booked/2'])
  })

  it('a caller who waits for an agent goes on waiting, and comes back to the flow', () => {
    const call = started().happens('finished', 'finished', '5s passes', 'finished', '5s passes', 'finished', '5s passes', 'finished')
    assert.equal(call.last, 'queue desk')
    const ordered = call.network.ordered.length
    call.killed(60_000)
    assert.deepEqual(call.network.adopted, ['call-1 in queue'])
    assert.equal(call.network.ordered.length, ordered)
    call.happens('Mia answers').killed().happens('queue: answered')
    assert.equal(call.last, 'How was it?')
    call.happens('key 4').killed().settle()
    assert.deepEqual(call.left.map((left) => ('score' in left ? left.score : left.kind)), [4, 4])
    assert.equal(new Set(call.left.map(({ id }) => id)).size, 1, 'both times under the same id')
  })

  it('a caller who hung up meanwhile is a call that is over', () => {
    const call = started().happens('finished').killed(1000).happens('hangs up')
    assert.deepEqual(call.notes.at(-1), { ...call.notes.at(-1), type: 'ended', by: 'caller', outcome: 'gave-up' })
    assert.deepEqual(call.killed().network.adopted, [])
  })

  it('a call is known to the same caller after a restart', () => {
    const store = openStore(':memory:')
    const call = new Engines(flow, store).arrives().happens('finished', 'hangs up').killed()
    assert.deepEqual(store.callsOf('+61255501234', 0).map(({ outcome, step }) => [outcome, step]), [['gave-up', 'main']])
    assert.equal(call.sessionsRunning, 0)
  })

  it('the silence is counted, and kept with the call', () => {
    // The menu takes 4.2 s to say.
    const call = started().happens('finished').killed(5900).happens('hangs up')
    const ended = call.notes.find((note) => note.type === 'ended')
    assert.equal(ended?.type === 'ended' && ended.deadAir, 1700)
  })
})

describe('secrets in the journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  after(() => rmSync(folder, { recursive: true }))

  it('are asked for again after a restart, and are in no file, at no moment', () => {
    const call = new Engines(flow, openStore(join(folder, 'calls.db'))).arrives()
    const moments = [['finished'], ['key 2'], ['key 8'], ['key 6'], ['key 4'], ['key 2']]
    for (const happens of moments) {
      call.happens(...happens)
      assertNowhere('8642', '864')
    }
    assert.equal(call.asked.at(-1)?.url, 'https://clinic.example/login')
    call.killed(500)
    assert.equal(call.last, 'Your secret number?')
    assert.equal(call.asked.length, 1, 'what held the secret is not asked again by itself')
    call.happens('key 8', 'key 6', 'key 4', 'key 2')
    assert.equal(call.asked.length, 2)
    assertNowhere('8642', '864')
  })

  it('are not asked for out of a queue, and a request that needs one then fails', () => {
    const call = onLine('queue')
    assert.equal(call.last, 'queue desk')
    const ordered = call.network.ordered.length
    call.killed(500)
    assert.equal(call.network.ordered.length, ordered)
    call.happens('Mia answers', 'queue: answered')
    assert.equal(call.asked.length, 0)
    assert.equal(call.last, 'It did not work. For an agent, press 1.')
  })

  it('are not asked for when nothing needs them any more', () => {
    const call = onLine('nothing').killed(500)
    assert.equal(call.last, 'For the end, press 1.')
  })

  it('are asked for where they had been asked for: a step that two others call comes back to the right one', () => {
    const call = onLine('cancel')
    assert.equal(call.last, 'To cancel, press 1.')
    call.killed(500)
    assert.equal(call.last, 'Your secret number?')
    call.happens('key 8', 'key 6', 'key 4', 'key 2')
    assert.equal(call.last, 'To cancel, press 1.')
  })

  it('are asked for again out of the middle of what was called', () => {
    const flow = compiled(
      `
hotline: Account
numbers: ["100"]
backends: { bank: { url: "https://bank.example" } }
defaults: { input: { otherwise: end }, failed: end }
start: begin
steps:
  begin: [{ call: identify }, { request: { post: bank/login, json: { pin: "{{ pin }}" } } }, hang-up]
  identify:
    collect: { say: Your secret number?, digits: 4, into: pin, secret: true }
    next: sure
  sure: { menu: { say: "To go on, press 1.", keys: { 1: { go: identified } } } }
  identified: return
  end: hang-up
`,
      'account.yaml',
    )
    const call = new Engines(flow, openStore(':memory:')).arrives().happens('key 8', 'key 6', 'key 4', 'key 2')
    assert.equal(call.last, 'To go on, press 1.')
    assert.equal(call.killed(500).last, 'Your secret number?')
    call.happens('key 8', 'key 6', 'key 4', 'key 2', 'key 1')
    assert.equal(call.asked.length, 1)
  })

  it('half keyed are keyed again', () => {
    const call = started().happens('finished', 'key 2', 'key 8', 'key 6').killed()
    call.happens('key 8', 'key 6', 'key 4', 'key 2')
    assert.equal(call.asked.length, 1)
  })

  function assertNowhere(...secrets: string[]): void {
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file))
      for (const secret of secrets) assert.equal(bytes.includes(secret), false, `${secret} in ${file}`)
    }
  }
})

/** Whatever happened before, and wherever the process ends: the call goes on as if it had not. */
describe('a call that is killed after any of its events', () => {
  const course = ['finished', 'finished', 'key 9', 'key 1', 'key 2', 'finished', 'key 6', 'key 0', 'key 0', '2s passes', 'finished']
  const whole = started().happens(...course)
  for (const at of course.keys())
    it(`killed after ${at + 1}, ${course[at]}`, () => {
      const call = started().happens(...course.slice(0, at + 1)).killed().happens(...course.slice(at + 1))
      assert.deepEqual(call.steps, whole.steps)
      assert.equal(call.last, whole.last)
      assert.deepEqual(new Set(call.asked.map(({ key, url }) => `${key} ${url}`)), new Set(whole.asked.map(({ key, url }) => `${key} ${url}`)))
    })
})
