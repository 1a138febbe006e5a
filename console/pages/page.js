import { ask } from './api.js'
import { Board } from './board.js'
import { byId } from './dom.js'
import { Phone } from './phone.js'
import { LeftList } from './left.js'
import { fetchToken } from './token.js'

/** How long to wait before asking again a server that refused the stream. Milliseconds. */
const AGAIN = 2_000

const phone = new Phone(complain)
const board = new Board((hotlines) => phone.offer(hotlines), complain)
const left = new LeftList()
let stream
let complaint

/** Says what went wrong, for a while. */
function complain(words) {
  notice(words)
  clearTimeout(complaint)
  complaint = setTimeout(() => notice(''), 6_000)
}

function notice(words) {
  byId('notice').textContent = words
  byId('notice').hidden = words === ''
}

/** Keeps the board up to date. A hidden page lets go, because a browser allows a server only six connections. */
function watch() {
  stream?.close()
  if (document.hidden) return
  stream = new EventSource('/api/events')
  stream.onopen = () => {
    document.body.dataset.server = 'here'
    notice('')
  }
  stream.onmessage = ({ data }) => {
    const what = JSON.parse(data)
    if (what.type === 'status') board.status(what)
    if (what.type !== 'call') left.changed()
    if (what.type === 'call') board.call(what.call)
  }
  stream.onerror = () => {
    clearTimeout(complaint)
    document.body.dataset.server = 'away'
    notice('Callwright does not answer. Trying again …')
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => void open(), AGAIN)
  }
}

/** Asks for the token when one is wanted, then watches. */
async function open() {
  try {
    await ask('GET', '/api/status')
  } catch (refused) {
    if (refused.status === 401) await fetchToken()
  }
  watch()
}

document.addEventListener('visibilitychange', watch)
void open()
