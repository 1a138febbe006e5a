import { ask } from './api.js'

/** One call from this page. What happens in it goes to `heard`, in order, the end last. */
export class Call {
  over = false

  /** Dials; rejects when the call is refused. */
  static async dial(called, heard) {
    const { id } = await ask('POST', '/api/calls', { called })
    return new Call(id, heard)
  }

  constructor(id, heard) {
    this.id = id
    this.heard = heard
    this.path = `/api/calls/${encodeURIComponent(id)}`
    this.stream = new EventSource(`${this.path}/events`)
    this.stream.onmessage = ({ data }) => this.hear(JSON.parse(data))
    this.stream.onerror = () => {
      // The browser tries again by itself, unless it was told that there is no such call.
      if (this.stream.readyState === EventSource.CLOSED) this.hear({ type: 'ended', by: 'lost' })
    }
    this.leave = () => void ask('DELETE', this.path, undefined, { lasting: true }).catch(() => {})
    addEventListener('pagehide', this.leave)
  }

  press(key) {
    return ask('POST', `${this.path}/keys`, { key })
  }

  agent(does) {
    return ask('POST', `${this.path}/agent`, { does })
  }

  /** Ends the call here even when Callwright does not answer; it hangs up by itself what nobody listens to. */
  async hangUp() {
    await ask('DELETE', this.path).catch(() => this.hear({ type: 'ended', by: 'caller', at: Date.now() }))
  }

  hear(what) {
    if (this.over) return
    if (what.type === 'ended') {
      this.over = true
      this.stream.close()
      // A stream is also lost because the page is being left, and then the call must still be hung up.
      if (what.by !== 'lost') removeEventListener('pagehide', this.leave)
    }
    this.heard(what)
  }
}
