// A clinic to try the hotline with: node flows/vaccination/clinic.mjs
// It keeps everything in memory and forgets it when it ends. What it answers is told in README.md beside this file.
import { createServer } from 'node:http'

const free = ['09:30', '11:00', '15:15'].map((time, i) => ({ id: i + 1, at: `${dayAfter(i + 1)}T${time}` }))
/** Booked slots by their booking number. */
const booked = new Map()
/** Bookings by their Idempotency-Key: one that is asked for twice is made once. */
const made = new Map()
let next = 471_182

const answers = {
  'GET /slots': () => ({ free }),
  'POST /bookings'({ slot }, key) {
    if (made.has(key)) return made.get(key)
    const i = free.findIndex(({ id }) => id === slot)
    if (i < 0) return { status: 'taken' }
    const number = String(next++)
    booked.set(number, free.splice(i, 1)[0])
    made.set(key, { status: 'booked', number })
    return made.get(key)
  },
  'POST /find': ({ number }) => ({ at: booked.get(number)?.at }),
  'POST /cancel'({ number }) {
    if (booked.has(number)) free.push(booked.get(number))
    booked.delete(number)
    return {}
  },
}

/** `2026-11-24`, on the clock of this machine. */
function dayAfter(days) {
  const now = new Date()
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

async function reply(request, response) {
  const answer = answers[`${request.method} ${request.url.replace(/\?.*/, '')}`]
  const say = (status, said) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  if (!answer) return say(404, { error: 'nothing is answered there' })
  try {
    const body = (await request.setEncoding('utf8').toArray()).join('')
    say(200, answer(body === '' ? {} : JSON.parse(body), request.headers['idempotency-key']))
  } catch {
    say(400, { error: 'what was sent is not JSON' })
  }
}

const server = createServer((request, response) => void reply(request, response))
server.listen(Number(process.argv[2] ?? 8090), '127.0.0.1', () =>
  console.log(`The clinic answers at http://127.0.0.1:${server.address().port}. Ctrl-C ends it.`))
