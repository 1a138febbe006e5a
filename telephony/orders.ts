import { existsSync } from 'node:fs'
import type { CallEvent } from '../engine/call/events.ts'
import type { Log, Order } from '../engine/ports.ts'
import type { AmiCall } from './ami/call.ts'
import { ended, type HandOff } from './ami/ends.ts'
import { EXTENSION, transferAllowed } from './ami/places.ts'
import type { Recordings } from './recordings.ts'
import type { Sounds } from './sounds.ts'

/** What orders to calls need around them. */
export type OrderPorts = {
  sounds: Pick<Sounds, 'path'> | undefined
  recordings: Recordings | undefined
  /** Numbers that flows may transfer to. */
  transfers: readonly string[]
  log: Log
  /** Tells the engine after the order that is being dealt with, so that it never hears back while it is ordering. */
  tellSoon(callId: string, event: CallEvent): void
}

/** Sees to it that an order to a call can be carried out and may be, and passes it on; else tells how it ended. */
export class Orders {
  private readonly ports: OrderPorts

  constructor(ports: OrderPorts) {
    this.ports = ports
  }

  carryOut(callId: string, call: AmiCall, order: Order): void {
    switch (order.type) {
      case 'play':
        return this.play(callId, call, order)
      case 'stop-playback':
        return call.stopPlayback()
      case 'queue':
        if (EXTENSION.test(order.queue)) return call.leave(order)
        return this.refuse(callId, order, `no queue can be called ${JSON.stringify(order.queue)}`)
      case 'transfer':
        if (transferAllowed(order.to, this.ports.transfers)) return call.leave(order)
        return this.refuse(callId, order, `transfers to ${JSON.stringify(order.to)} are not allowed`)
      case 'record':
        return this.record(callId, call, order)
      case 'replay':
        return this.replay(callId, call, order)
      case 'fall-back':
        return call.letGo()
      case 'hang-up':
        return call.hangUp()
    }
  }

  private play(callId: string, call: AmiCall, order: Extract<Order, { type: 'play' }>): void {
    const { sounds, log, tellSoon } = this.ports
    const { sound } = order
    // A missing file would end Asterisk's control of the call. Looked for each time: files come and go.
    if (!sound || !existsSync(sound.file)) {
      log.error({ call: callId, file: sound?.file }, 'a prompt has no sound file and is passed over')
      return tellSoon(callId, { type: 'prompt-finished', id: order.id, failed: true })
    }
    call.play({ id: order.id, path: sounds?.path(sound.file) ?? sound.file.replace(/\.wav$/, ''), bargeIn: order.bargeIn, ms: sound.ms })
  }

  private record(callId: string, call: AmiCall, order: Extract<Order, { type: 'record' }>): void {
    const { recordings, log, tellSoon } = this.ports
    const file = recordings?.file(order.recording)
    if (file) return call.leave({ ...order, file })
    const words = recordings ? 'a recording cannot be kept under this name' : 'there is no folder for recordings'
    log.error({ call: callId, recording: order.recording }, words)
    tellSoon(callId, { type: 'recorded', id: order.id, how: 'failed', ms: 0 })
  }

  private replay(callId: string, call: AmiCall, { id, recording, bargeIn }: Extract<Order, { type: 'replay' }>): void {
    const { recordings, log, tellSoon } = this.ports
    const file = recordings?.file(recording)
    const found = file?.look()
    if (!file || found?.state === 'missing') {
      log.error({ call: callId, recording }, 'a recording is not there and is passed over')
      return tellSoon(callId, { type: 'prompt-finished', id, failed: true })
    }
    call.play({ id, path: file.path, bargeIn, ms: found?.state === 'there' ? found.ms : undefined })
  }

  private refuse(callId: string, order: Exclude<HandOff, { type: 'record' }>, words: string): void {
    this.ports.log.warn({ call: callId }, words)
    this.ports.tellSoon(callId, ended(order, 'failed'))
  }
}
