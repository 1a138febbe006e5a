import type { Phone, PhoneCall } from '../phone/phone.ts'

/** One agent's phone for many conversations: whoever waits for a caller gets the call that rings for them. */
export class Switchboard {
  private readonly phone: Phone
  private readonly ringing: PhoneCall[] = []
  private readonly wanted = new Map<string, (call: PhoneCall) => void>()
  private open = true

  constructor(phone: Phone) {
    this.phone = phone
    void this.listen()
  }

  /** The call that rings for this caller, now or within `ms`. */
  async take(from: string, ms: number): Promise<PhoneCall> {
    const at = this.ringing.findLastIndex((call) => call.callerId.number === from)
    if (at >= 0) return this.ringing.splice(at, 1)[0]!
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no agent's phone rang for ${from} (within ${ms} ms)`)), ms)
      this.wanted.set(from, (call) => {
        clearTimeout(limit)
        resolve(call)
      })
    })
  }

  close(): void {
    this.open = false
  }

  private async listen(): Promise<void> {
    while (this.open) {
      const call = await this.phone.rings({ within: 1000 }).catch(() => undefined)
      if (!call) continue
      const { number } = call.callerId
      const wanted = this.wanted.get(number)
      this.wanted.delete(number)
      // Calls that nobody wants go on ringing until their caller gives up.
      if (wanted) wanted(call)
      else this.ringing.push(call)
    }
  }
}
