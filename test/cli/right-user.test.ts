import assert from 'node:assert/strict'
import { mustMayWrite, signal } from '../../cli/right-user.ts'

const refuses = (code: string) => (): never => {
  throw Object.assign(new Error(`kill ${code}`), { code })
}

describe('a command typed by another user than the one who runs Callwright', () => {
  it('says so when it cannot tell the engine anything', () => {
    const words = 'the engine (process 4711) belongs to another user: run this as the user who runs Callwright'
    assert.throws(() => signal(4711, 'SIGHUP', refuses('EPERM')), { message: words })
    assert.throws(() => signal(4711, 'SIGHUP', refuses('ESRCH')), { message: 'kill ESRCH' })
    const sent: unknown[] = []
    signal(4711, 'SIGHUP', (...about) => sent.push(about))
    assert.deepEqual(sent, [[4711, 'SIGHUP']])
  })

  it('says so when it is to stand by and cannot show that it does', () => {
    const words = 'another Callwright works with /data, and this user may not write there: run this as the user who runs Callwright'
    assert.throws(() => mustMayWrite('/data', refuses('EACCES')), { message: words })
    mustMayWrite('/data', () => {})
    // That the disk is read-only is no matter of users.
    mustMayWrite('/data', refuses('EROFS'))
  })
})
