import { byId, el, toldList } from './dom.js'

/** A pause shorter than this is not worth a line. Milliseconds. */
const WORTH_SAYING = 1_500

const ENDED = {
  caller: 'You hung up',
  line: 'The call has ended',
  lost: 'The call is gone: Callwright was restarted',
}

/** The conversation as a chat: the hotline on the left, the caller on the right, what happens between them. */
export class Transcript {
  box = byId('transcript')
  /** The prompt last begun: its bubble, its parts, when it began and how long it is. */
  last
  /** The row to which the next key is added. */
  keyRow
  /** The caller is away: silence means nothing. */
  away = false

  constructor() {
    const words = 'Choose a hotline and call it. Everything that is said and pressed appears here.'
    this.box.append(el('p', { class: 'empty' }, words))
    // The box becomes lower when the agent's buttons appear below it.
    new ResizeObserver(() => this.follow()).observe(this.box)
  }

  begin(title, number) {
    this.box.replaceChildren()
    this.last = this.keyRow = undefined
    this.away = false
    this.add(el('p', { class: 'event' }, `You call ${title}, ${number}`))
  }

  /** Takes in what happened in the call. */
  hear(what) {
    const show = this[what.type]
    if (what.type !== 'key') this.keyRow = undefined
    show?.call(this, what)
  }

  step({ step, at }) {
    this.silence(at)
    this.away = false
    this.add(el('p', { class: 'to-step' }, el('span', {}, step)))
  }

  prompt({ prompt, ms, at }) {
    this.silence(at)
    const bubble = el('div', { class: 'bubble said' })
    for (const { text, language } of prompt) {
      bubble.append(el('p', { lang: language }, el('span', { class: 'tag', lang: 'en' }, language), ` ${text}`))
    }
    this.last = { bubble, prompt, at, ms, cut: false }
    this.add(bubble)
  }

  /** What had been said when the prompt was cut stays; the rest is struck through. The place is an estimate. */
  'prompt-stopped'({ at }) {
    const { last } = this
    if (!last || last.cut || at - last.at >= last.ms) return
    last.cut = true
    const length = last.prompt.reduce((sum, { text }) => sum + text.length, 0)
    let left = Math.round((length * (at - last.at)) / last.ms)
    for (const [index, { text }] of last.prompt.entries()) {
      const spoken = left >= text.length ? text.length : text.lastIndexOf(' ', left) + 1
      left -= text.length
      const unheard = text.slice(spoken)
      const line = last.bubble.children[index]
      line.lastChild.textContent = ` ${text.slice(0, spoken)}`
      if (unheard) line.append(el('s', {}, unheard))
    }
    last.bubble.append(el('p', { class: 'cut' }, `cut after ${((at - last.at) / 1000).toFixed(1)} s`))
  }

  key({ key }) {
    if (this.last) this.last.answered = true
    if (!this.keyRow) {
      this.keyRow = el('div', { class: 'bubble pressed' }, el('span', { class: 'unseen' }, 'You press '))
      this.add(this.keyRow)
    }
    this.keyRow.append(el('kbd', {}, key))
    this.follow()
  }

  queued({ queue, tell, maxWait, at }) {
    this.silence(at)
    this.away = true
    const wait = maxWait > 0 ? `, at most ${Math.ceil(maxWait / 60_000)} min` : ''
    const card = el('div', { class: 'card' }, el('p', {}, 'In the queue for ', el('b', {}, queue), wait))
    if (Object.keys(tell).length > 0) card.append(el('p', { class: 'quiet' }, 'The agent sees'), toldList(tell))
    else card.append(el('p', { class: 'quiet' }, 'The agent sees who called, no more'))
    this.add(card)
  }

  'agent-answered'() {
    this.add(el('p', { class: 'event' }, 'An agent is on the line: you'))
  }

  transferred({ to, at }) {
    this.silence(at)
    this.away = true
    this.add(el('div', { class: 'card' }, el('p', {}, 'Transferred to ', el('b', {}, to))))
  }

  recording({ end, at }) {
    this.silence(at)
    this.add(el('p', { class: 'event' }, `A tone: the caller speaks, until ${end}`))
  }

  recorded({ how, ms }) {
    const words = how === 'nothing-said' ? 'Not a word was said' : `${Math.round(ms / 1000)} s recorded`
    this.add(el('p', { class: 'event' }, words))
  }

  replay() {
    this.add(el('p', { class: 'event' }, 'The caller hears the recording'))
  }

  left({ left: { kind, tell = {}, ...rest } }) {
    const card = el('div', { class: 'card' }, el('p', {}, 'Left for people: ', el('b', {}, kind)))
    const shown = Object.entries({ ...rest, ...tell }).map(([name, value]) => [name, String(value)])
    card.append(toldList(Object.fromEntries(shown)))
    this.add(card)
  }

  outcome({ name }) {
    this.add(el('p', { class: 'event' }, 'Outcome: ', el('b', {}, name)))
  }

  trouble({ words }) {
    this.add(el('p', { class: 'event bad' }, words))
  }

  ended({ by, at }) {
    if (at) this.silence(at)
    this.add(el('p', { class: 'event' }, ENDED[by]))
  }

  /** Says how long nothing was heard and nothing pressed, when that was long. */
  silence(at) {
    const { last, away } = this
    this.last = undefined
    if (!last || last.cut || last.answered || away) return
    const ms = at - last.at - last.ms
    if (ms < WORTH_SAYING) return
    this.add(el('p', { class: 'event' }, `silence, ${Math.round(ms / 1000)} s`))
  }

  add(node) {
    this.box.append(node)
    this.follow()
  }

  follow() {
    this.box.scrollTop = this.box.scrollHeight
  }
}
