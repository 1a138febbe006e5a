import assert from 'node:assert/strict'
import { World } from './world.ts'

describe('switches on the page', () => {
  let world: World

  beforeEach(() => {
    world = new World()
    world.hotline.switches = [{ name: 'outage', for: 'Large outage announcement', on: false }]
  })
  afterEach(async () => {
    assert.deepEqual(await world.end(), { timers: 0, watchers: 0 })
  })

  const outage = '/api/hotlines/clinic/switches/outage'

  it('are shown, turned, and seen at once by every page', async () => {
    await world.start({ turn: (_hotline, _name, { on }) => void (world.hotline.switches[0]!.on = on) })
    const stream = await world.listen('/api/events')
    assert.equal((await stream.next())!.data.hotlines[0].switches[0].on, false)
    assert.equal((await world.ask('PUT', outage, { on: true })).status, 204)
    assert.equal((await stream.next())!.data.hotlines[0].switches[0].on, true)
    stream.leave()
  })

  it('are turned for a while', async () => {
    await world.start()
    await world.ask('PUT', outage, { on: true, for: '4h' })
    await world.ask('PUT', outage, { on: false })
    assert.deepEqual(world.turned, [
      { hotline: 'clinic', name: 'outage', on: true, ms: 14_400_000 },
      { hotline: 'clinic', name: 'outage', on: false, ms: undefined },
    ])
  })

  const refused: [name: string, path: string, body: object, status: number, code: string][] = [
    ['a switch that is not there', outage.replace('outage', 'early'), { on: true }, 404, 'no-such-switch'],
    ['a hotline that is not there', outage.replace('clinic', 'power'), { on: true }, 404, 'no-such-switch'],
    ['a hotline that holds mistakes', outage.replace('clinic', 'broken'), { on: true }, 404, 'no-such-switch'],
    ['neither on nor off', outage, { on: 'on' }, 400, 'bad-turn'],
    ['a time without its unit', outage, { on: true, for: 4 }, 400, 'bad-turn'],
    ['a thousand years', outage, { on: true, for: '365000d' }, 400, 'bad-turn'],
    ['no time at all', outage, { on: true, for: '0h' }, 400, 'bad-turn'],
  ]
  for (const [name, path, body, status, code] of refused)
    it(`refuses ${name}`, async () => {
      await world.start()
      const answer = await world.ask('PUT', path, body)
      assert.deepEqual([answer.status, answer.body.code, world.turned], [status, code, []])
    })

  it('are turned by nobody without the token, and by no other page', async () => {
    await world.start({ token: 'a long word' })
    assert.equal((await world.ask('PUT', outage, { on: true })).status, 401)
    const bearer = { Authorization: 'Bearer a long word' }
    const elsewhere = { ...bearer, Origin: 'http://elsewhere.example' }
    assert.equal((await world.ask('PUT', outage, { on: true }, elsewhere)).status, 403)
    assert.deepEqual(world.turned, [])
    assert.equal((await world.ask('PUT', outage, { on: true }, bearer)).status, 204)
    assert.equal(world.turned.length, 1)
  })

  it('that cannot be kept are told, without the path of a file', async () => {
    const turn = (): void => {
      throw new Error('/srv/callwright/switches.json cannot be read')
    }
    await world.start({ turn })
    const answer = await world.ask('PUT', outage, { on: true })
    assert.equal(answer.status, 500)
    assert.doesNotMatch(answer.text, /srv/)
    assert.equal(world.logged.length, 1)
  })
})
