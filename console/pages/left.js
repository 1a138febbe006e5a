import { ask } from './api.js'
import { byId, el, minutes, toldList } from './dom.js'

/** What is left just now is in the list a moment later. Milliseconds. */
const SOON = 1_000

const WHEN = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false })

/** What callers have left, newest first; messages can be played. */
export class LeftList {
  /** By id, with what each row was made of. */
  rows = new Map()

  constructor() {
    // One at a time, as with any phone.
    byId('left').addEventListener('play', ({ target }) => this.playing(target), true)
  }

  /** Something may have been left, or dealt with. */
  changed() {
    clearTimeout(this.soon)
    this.soon = setTimeout(() => void this.load(), this.rows.size === 0 ? 0 : SOON)
  }

  async load() {
    const found = await ask('GET', '/api/left').catch(() => undefined)
    if (found) this.show(found)
  }

  /** A row that is the same stays, so that a message that is being played is not cut off. */
  show({ waiting, total, newest }) {
    const list = byId('left')
    const rows = newest.map((left) => {
      const told = JSON.stringify(left)
      const row = this.rows.get(left.id)
      return [left.id, row?.told === told ? row : { told, node: leftRow(left) }]
    })
    const nodes = new Set(rows.map(([, { node }]) => node))
    for (const { node } of this.rows.values()) if (!nodes.has(node)) node.remove()
    this.rows = new Map(rows)
    rows.forEach(([, { node }], at) => {
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null)
    })
    byId('left-count').textContent = String(waiting)
    list.dataset.empty = total === 0 ? 'Nothing yet.' : ''
    list.dataset.note = total > newest.length ? `and ${total - newest.length} more: see "callwright inbox"` : ''
  }

  playing(one) {
    for (const other of byId('left').querySelectorAll('audio')) if (other !== one) other.pause()
  }
}

function leftRow(left) {
  const { id, at, hotline, caller, tell, done } = left
  const row = el('li', { class: done ? 'card ended' : 'card' })
  const who = caller || 'number withheld'
  row.append(el('p', { class: 'row-head' }, el('b', {}, who), el('time', { datetime: new Date(at).toISOString() }, WHEN.format(at))))
  row.append(el('p', { class: 'quiet' }, `${hotline} · ${words(left)}${done ? ' · dealt with' : ''}`))
  if (left.kind === 'message') row.append(el('p', {}, left.text))
  if (Object.keys(tell).length > 0) row.append(toldList(tell))
  if (left.sound) {
    const label = `Message from ${who}, ${WHEN.format(at)}`
    row.append(el('audio', { controls: '', preload: 'none', src: `/api/left/${id}/sound.wav`, 'aria-label': label }))
  } else if (left.kind === 'voicemail') row.append(el('p', { class: 'bad' }, 'Its sound is not here.'))
  return row
}

function words(left) {
  if (left.kind === 'voicemail') return `a message of ${minutes(left.ms)} for ${left.box}`
  if (left.kind === 'callback') return `call ${left.number} back, from ${left.queue}`
  return `a text message to ${left.to}`
}
