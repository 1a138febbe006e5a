import { byId, el, minutes, toldList } from './dom.js'
import { switchList } from './switches.js'

/** Rows shown at most; a busy exchange has hundreds of calls. */
const ROWS = 30

/** How long a call that has ended stays to be seen. Milliseconds. */
const FADE = 6_000

const ASTERISK = { off: 'Asterisk: off', connecting: 'Asterisk: connecting', up: 'Asterisk: connected' }

/** Who calls on a line that knows no numbers. */
const NOBODY = { browser: 'phone in a browser', terminal: 'phone in a terminal' }

/**
 * Hotlines, Asterisk and the calls under way, kept up to date. `hotlinesChanged` gets the list when it is new,
 * `complain` the words when a switch could not be turned.
 */
export class Board {
  calls = new Map()
  rows = new Map()

  constructor(hotlinesChanged, complain) {
    this.complain = complain
    this.hotlinesChanged = hotlinesChanged
    setInterval(() => this.tick(), 1000)
  }

  status({ hotlines, asterisk, calls }) {
    const pill = byId('asterisk')
    pill.dataset.state = asterisk.state
    const title = ASTERISK[asterisk.state] ?? 'Asterisk: not connected'
    pill.replaceChildren(el('b', {}, title), el('span', {}, asterisk.words))
    this.hotlines(hotlines)
    this.calls = new Map(calls.map((call) => [call.id, call]))
    this.show()
  }

  call(call) {
    this.calls.set(call.id, call)
    if (call.ended) {
      setTimeout(() => {
        if (this.calls.get(call.id)?.ended) this.calls.delete(call.id)
        this.show()
      }, FADE)
    }
    this.show()
  }

  hotlines(hotlines) {
    const told = JSON.stringify(hotlines)
    if (told === this.told) return
    this.told = told
    const list = byId('hotlines')
    // Whoever turns a switch by the keyboard stays at it.
    const focused = document.activeElement?.id
    list.replaceChildren(...hotlines.map((hotline) => hotlineRow(hotline, this.complain)))
    if (focused) byId(focused)?.focus()
    list.dataset.empty = hotlines.length === 0 ? 'None yet: add a folder to flows/.' : ''
    this.hotlinesChanged(hotlines)
  }

  /** Only rows whose call has changed are made anew, so that a reader's place is not lost. */
  show() {
    const list = byId('calls')
    const shown = [...this.calls.values()].slice(0, ROWS)
    for (const [id, row] of this.rows) {
      if (shown.some((call) => call.id === id)) continue
      row.node.remove()
      this.rows.delete(id)
    }
    for (const call of shown) {
      const row = this.rows.get(call.id)
      if (row?.call === call) continue
      const node = callRow(call)
      if (row) row.node.replaceWith(node)
      else list.append(node)
      this.rows.set(call.id, { call, node })
    }
    const under = [...this.calls.values()].filter((call) => !call.ended).length
    byId('calls-count').textContent = String(under)
    list.dataset.note = this.calls.size > ROWS ? `and ${this.calls.size - ROWS} more` : ''
    list.dataset.empty = this.calls.size === 0 ? 'None at the moment.' : ''
    this.tick()
  }

  tick() {
    for (const { call, node } of this.rows.values()) {
      if (!call.ended) node.querySelector('time').textContent = minutes(Date.now() - call.since)
    }
  }
}

function callRow(call) {
  const doing = {
    flow: '',
    queue: `in the queue for ${call.queue}`,
    agent: `talking with ${call.agent}`,
    transfer: `transferred to ${call.to}`,
  }
  const row = el('li', { class: call.ended ? 'card ended' : 'card', 'data-where': call.where })
  const who = call.caller || NOBODY[call.line] || 'number withheld'
  const head = el('p', { class: 'row-head' }, el('b', {}, who), el('time'))
  row.append(head, el('p', { class: 'quiet' }, `${call.hotline} · ${call.called} · ${call.line}`))
  const words = call.ended ? `ended: ${call.ended.outcome}` : doing[call.where]
  row.append(el('p', {}, el('code', {}, call.step || 'arriving'), words ? ` ${words}` : ''))
  if (call.tell && !call.ended && Object.keys(call.tell).length > 0)
    row.append(el('p', { class: 'quiet' }, 'The agent sees'), toldList(call.tell))
  if (call.trouble) row.append(el('p', { class: 'bad' }, call.trouble))
  return row
}

function hotlineRow({ name, title, numbers, languages, switches, live, mistakes }, complain) {
  const row = el('li', { class: 'card' })
  const mark = live ? el('span', { class: 'tag good' }, 'live') : el('span', { class: 'tag bad' }, 'refused')
  row.append(el('p', { class: 'row-head' }, el('b', {}, title || name), mark))
  row.append(el('p', { class: 'quiet' }, [numbers.join(', '), languages.join(', '), name].filter(Boolean).join(' · ')))
  if (switches.length > 0) row.append(switchList(name, switches, complain))
  if (mistakes.length === 0) return row
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`
  const words = live ? `Its newest version has ${count}; the one before goes on.` : `It does not answer: ${count}.`
  row.append(
    el('details', live ? {} : { open: '' }, el('summary', {}, words),
      el('ol', { class: 'mistakes' }, ...mistakes.map((mistake) => el('li', {}, mistake)))),
  )
  return row
}
