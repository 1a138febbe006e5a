import assert from 'node:assert/strict'
import { Turns } from '../../engine/voice/turns.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('turns', () => {
  /** Work that ends when it is told to; `begun` is the order in which it began. */
  function work() {
    const begun: string[] = []
    const ends = new Map<string, (fails?: Error) => void>()
    const run = (key: string) => () => {
      begun.push(key)
      return new Promise<string>((resolve, reject) => ends.set(key, (fails) => (fails ? reject(fails) : resolve(key))))
    }
    const end = async (key: string, fails?: Error) => {
      ends.get(key)?.(fails)
      await settle()
    }
    return { begun, run, end }
  }

  it('go in order, so many at once, the urgent ones first', async () => {
    const { begun, run, end } = work()
    const turns = new Turns<string>(2)
    for (const key of ['a', 'b', 'c', 'd']) void turns.take(key, false, run(key))
    void turns.take('call', true, run('call'))
    assert.deepEqual(begun, ['a', 'b'])
    await end('a')
    assert.deepEqual(begun, ['a', 'b', 'call'])
    await end('b')
    await end('call')
    assert.deepEqual(begun, ['a', 'b', 'call', 'c', 'd'])
  })

  it('are shared, and become urgent when one who shares is', async () => {
    const { begun, run, end } = work()
    const turns = new Turns<string>(1)
    for (const key of ['a', 'b', 'c']) void turns.take(key, false, run(key))
    const shared = turns.take('c', true, () => assert.fail('it is being done already'))
    await end('a')
    assert.deepEqual(begun, ['a', 'c'])
    await end('c')
    assert.equal(await shared, 'c')
  })

  it('go on after a failure, and what failed may be asked for again', async () => {
    const { begun, run, end } = work()
    const turns = new Turns<string>(1)
    const failing = turns.take('a', false, run('a'))
    const other = turns.take('b', false, run('b'))
    const failed = assert.rejects(failing, /no/)
    await end('a', new Error('no'))
    await failed
    await end('b')
    assert.equal(await other, 'b')
    void turns.take('a', false, run('a'))
    assert.deepEqual(begun, ['a', 'b', 'a'])
  })

  it('are given back by those who want nothing any more, and what nobody wants is not done', async () => {
    const { begun, run, end } = work()
    const turns = new Turns<string>(1)
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()]
    void turns.take('running', true, run('running'), first.signal)
    const unwanted = assert.rejects(turns.take('x', true, run('x'), first.signal), /nobody waits/)
    const shared = turns.take('y', true, run('y'), second.signal)
    void turns.take('y', true, run('y'), third.signal)
    first.abort()
    second.abort()
    await unwanted
    await end('running')
    assert.deepEqual(begun, ['running', 'y'])
    third.abort()
    await end('y')
    assert.equal(await shared, 'y', 'what has begun is ended')
  })

  it('refuse what waits when they end', async () => {
    const { run, end } = work()
    const turns = new Turns<string>(1)
    const running = turns.take('a', false, run('a'))
    const waiting = turns.take('b', true, run('b'))
    turns.end(new Error('closed'))
    await assert.rejects(waiting, /closed/)
    await end('a')
    assert.equal(await running, 'a')
  })
})
