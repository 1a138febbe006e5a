/*
 * Loaded before the engine: kills the process right behind its nth durable write, order to Asterisk or request to a
 * backend (DIE_AT), and writes down each of them (POINTS). Nothing in the engine knows of it.
 */
import Database from 'better-sqlite3'
import { appendFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { ClientRequest } from 'node:http'
import { Socket } from 'node:net'

const dieAt = Number(process.env.DIE_AT)
let points = 0

function point(what) {
  appendFileSync(process.env.POINTS, `${what}\n`)
  if (++points === dieAt) process.kill(process.pid, 'SIGKILL')
}

const { transaction } = Database.prototype
Database.prototype.transaction = function (work) {
  const plain = transaction.call(this, work)
  const counted = (...given) => {
    const result = plain(...given)
    point('a write to the journal')
    return result
  }
  return Object.defineProperties(counted, Object.getOwnPropertyDescriptors(plain))
}

const { write, uncork } = Socket.prototype
const corked = []
Socket.prototype.write = function (data, ...rest) {
  const result = write.call(this, data, ...rest)
  // Claims, signs of life and leases come by the clock, not by the call; on a channel of our own prompts are tried.
  const action = /^action: (AGI|Redirect|ControlPlayback|Hangup|Setvar)\r\n/im.exec(String(data))?.[1]
  if (!action || !/^channel: (?!Local\/)/im.test(String(data))) return result
  if (this.writableCorked > 0) corked.push(action)
  else point(`an order to Asterisk: ${action}`)
  return result
}
// What is sent together has left with the last of it.
Socket.prototype.uncork = function () {
  uncork.call(this)
  for (const action of corked.splice(0)) point(`an order to Asterisk: ${action}`)
}

const { end } = ClientRequest.prototype
ClientRequest.prototype.end = function (...given) {
  const result = end.apply(this, given)
  point('a request to the backend')
  return result
}

const file = await open(process.env.POINTS, 'a')
const handles = Object.getPrototypeOf(file)
await file.close()
const { sync } = handles
handles.sync = async function () {
  await sync.call(this)
  point('a write to the inbox')
}
