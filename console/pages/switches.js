import { ask } from './api.js'
import { el } from './dom.js'

/** Hours for which a switch can be turned; 0: until it is turned again. */
const SPANS = [[0, 'until turned again'], [1, 'for 1 hour'], [4, 'for 4 hours'], [12, 'for 12 hours']]

/**
 * A hotline's switches, each with a button that turns it; what is new is told by the next status. `complain` gets the
 * words when that goes wrong.
 */
export function switchList(hotline, switches, complain) {
  return el('ul', { class: 'switches' }, ...switches.map((one) => row(hotline, one, complain)))
}

function row(hotline, { name, for: purpose, on, turned }, complain) {
  const id = `switch-${hotline}-${name}`
  const look = { type: 'button', class: 'switch', role: 'switch', id, 'aria-checked': String(on) }
  const button = el('button', look, purpose)
  const spans = SPANS.map(([hours, words]) => el('option', { value: String(hours) }, words))
  const span = el('select', { 'aria-label': `${purpose}: how long` }, ...spans)
  // It stays as it is until the next status comes: a second click asks for the same.
  button.addEventListener('click', () => {
    turn(hotline, name, !on, Number(span.value)).catch((refused) => complain(refused.message))
  })
  return el('li', {}, button, span, el('p', { class: 'quiet' }, stands(on, turned)))
}

function turn(hotline, name, on, hours) {
  const path = `/api/hotlines/${encodeURIComponent(hotline)}/switches/${encodeURIComponent(name)}`
  return ask('PUT', path, { on, ...(hours ? { for: `${hours}h` } : {}) })
}

/** `on since 10:15, by anna; off by itself at 14:15`. */
function stands(on, turned) {
  const how = on ? 'on' : 'off'
  if (!turned) return `${how}, as the flow starts it`
  const back = turned.until ? `; ${on ? 'off' : 'on'} by itself at ${when(turned.until)}` : ''
  return `${how} since ${when(turned.at)}, by ${turned.by}${back}`
}

/** The time of today, or of a day. */
function when(ms) {
  const then = new Date(ms)
  const time = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return then.toDateString() === new Date().toDateString() ? time : `${then.toLocaleDateString()} ${time}`
}
