import { Call } from './call.js'
import { byId, el, minutes } from './dom.js'
import * as sound from './sound.js'
import { Transcript } from './transcript.js'

const KEYS = ['1', '2 ABC', '3 DEF', '4 GHI', '5 JKL', '6 MNO', '7 PQRS', '8 TUV', '9 WXYZ', '*', '0', '#']
const SPOKEN = { '*': 'star', '#': 'hash' }

/** What an agent, or the far end of a transfer, can do in each state of the phone. */
const AGENT = {
  queued: {
    words: 'The caller waits. Play the agent:',
    does: { answers: 'Answer', 'nobody-there': 'Nobody is there' },
  },
  agent: {
    words: 'You are talking with the caller.',
    does: { 'hangs-up': 'Hang up as the agent' },
  },
  transferred: {
    words: 'Play the other side:',
    does: { 'hangs-up': 'Talk and hang up', 'nobody-there': 'Nobody answers' },
  },
}

const STATES = {
  idle: 'Ready', calling: 'Calling', speaking: 'Speaking', listening: 'Listening', recording: 'The caller speaks',
  queued: 'Waiting, with music', agent: 'With an agent', transferred: 'Transferred', ended: 'Call ended',
}

/** The phone: its keys, its screen, the step the call is in. `complain` shows what went wrong. */
export class Phone {
  call
  began = 0
  transcript = new Transcript()
  quietTimer

  constructor(complain) {
    this.complain = complain
    byId('keys').append(...KEYS.map((face) => this.key(face)))
    byId('call').addEventListener('click', () => void this.dial())
    byId('hang-up').addEventListener('click', () => this.hangUp())
    byId('mute').addEventListener('click', () => this.mute(byId('mute').getAttribute('aria-checked') === 'true'))
    this.mute(false)
    addEventListener('keydown', (event) => this.keyboard(event))
    setInterval(() => this.tick(), 500)
  }

  /** The hotlines that can be dialled; the choice stays when it can. */
  offer(hotlines) {
    const choice = byId('number')
    const before = choice.value
    const options = hotlines
      .filter(({ live }) => live)
      .flatMap(({ title, name, numbers }) => numbers.map((number) => ({ title: title || name, number })))
      .map(({ title, number }) => el('option', { value: number, 'data-title': title }, `${title} · ${number}`))
    this.dialable = options.length > 0
    choice.replaceChildren(...(this.dialable ? options : [el('option', {}, 'No hotline is live')]))
    if (options.some((option) => option.value === before)) choice.value = before
    this.state(this.now ?? 'idle')
  }

  async dial() {
    const choice = byId('number')
    if (this.busy || !this.dialable) return
    sound.wake()
    this.call = undefined
    this.transcript.begin(choice.selectedOptions[0].dataset.title, choice.value)
    this.began = Date.now()
    this.step('–', '')
    byId('trail').replaceChildren()
    this.state('calling')
    byId('phone').focus({ preventScroll: true })
    try {
      this.call = await Call.dial(choice.value, (what) => this.hear(what))
    } catch (refused) {
      this.complain(refused.message)
      this.transcript.hear({ type: 'trouble', words: refused.message })
      this.state('ended')
    }
  }

  hangUp() {
    sound.stop()
    void this.call?.hangUp()
  }

  press(key) {
    const button = byId('keys').querySelector(`[data-key="${CSS.escape(key)}"]`)
    button.classList.add('down')
    setTimeout(() => button.classList.remove('down'), 120)
    sound.wake()
    sound.tone(key)
    if (this.busy) this.does(this.call?.press(key))
  }

  /** Takes in what the hotline does. */
  hear(what) {
    this.transcript.hear(what)
    switch (what.type) {
      case 'step':
        return this.step(what.step, what.kind)
      case 'prompt':
        if (what.sound) void sound.play(what.sound)
        else sound.stop()
        byId('saying').textContent = what.prompt.map(({ text }) => text).join(' ')
        byId('saying').lang = what.prompt[0].language
        this.state('speaking')
        clearTimeout(this.quietTimer)
        this.quietTimer = setTimeout(() => this.now === 'speaking' && this.state('listening'), what.ms)
        return
      case 'prompt-stopped':
        sound.stop()
        return this.state('listening')
      case 'recording':
        sound.stop()
        byId('saying').textContent = `Nothing is recorded on this page. Press ${what.end} when you have spoken.`
        return this.state('recording')
      case 'recorded':
        return this.state('listening')
      case 'queued':
        sound.music()
        return this.state('queued')
      case 'agent-answered':
        sound.stop()
        return this.state('agent')
      case 'transferred':
        sound.stop()
        return this.state('transferred')
      case 'ended':
        sound.stop()
        return this.state('ended')
    }
  }

  get busy() {
    return !['idle', 'ended'].includes(this.now)
  }

  step(name, kind) {
    byId('step').textContent = name
    byId('kind').textContent = kind
    byId('kind').hidden = kind === ''
    if (kind === '') return
    byId('trail').append(el('li', {}, name))
    while (byId('trail').children.length > 12) byId('trail').firstChild.remove()
    // The step after a queue ends the waiting, and the music with it.
    if (['queued', 'agent', 'transferred'].includes(this.now)) {
      sound.stop()
      this.state('listening')
    }
  }

  state(now) {
    this.now = now
    byId('phone').dataset.state = now
    byId('state').textContent = STATES[now]
    byId('step-words').textContent =
      now === 'idle' ? 'No call yet' : this.busy ? 'The call is in step' : 'The call ended in step'
    byId('call').hidden = this.busy
    byId('call').disabled = !this.dialable
    byId('hang-up').hidden = !this.busy
    byId('number').disabled = this.busy || !this.dialable
    byId('clock').hidden = now === 'idle'
    if (!['speaking', 'listening', 'recording'].includes(now)) byId('saying').textContent = ''
    const { words, does } = AGENT[now] ?? { words: '', does: {} }
    byId('agent').hidden = words === ''
    byId('agent-words').textContent = words
    byId('agent-does').replaceChildren(...Object.entries(does).map(([deed, face]) => this.deed(deed, face)))
    this.tick()
  }

  deed(does, words) {
    const button = el('button', { type: 'button' }, words)
    button.addEventListener('click', () => this.does(this.call?.agent(does)))
    return button
  }

  key(face) {
    const [key, letters = ''] = face.split(' ')
    const named = { type: 'button', 'data-key': key, 'aria-label': SPOKEN[key] ?? key }
    const button = el('button', named, el('b', {}, key), el('small', {}, letters))
    button.addEventListener('click', () => this.press(key))
    return button
  }

  keyboard(event) {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (document.querySelector('dialog[open]') || target.closest('input, textarea')) return
    if (key === 'Escape' && this.busy) this.hangUp()
    else if (key === 'Enter' && !target.closest('button, a, summary')) void this.dial()
    else if (/^[0-9*#]$/.test(key) && !target.closest('select')) this.press(key)
    else return
    event.preventDefault()
  }

  mute(off) {
    byId('mute').setAttribute('aria-checked', String(!off))
    byId('mute').textContent = off ? 'Sound off' : 'Sound on'
    sound.setOn(!off)
  }

  tick() {
    if (this.busy) byId('clock').textContent = minutes(Date.now() - this.began)
  }

  does(promise) {
    promise?.catch((refused) => this.complain(refused.message))
  }
}
