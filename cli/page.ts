import { lstatSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { HotlineState } from '../console/deps.ts'
import { fileOf } from '../engine/inbox-tidying.ts'
import type { Hotline } from '../engine/hotlines.ts'
import type { KeptSwitches } from '../engine/kept-switches.ts'
import { wholeSound } from '../engine/voice/store.ts'
import type { Settings } from './settings.ts'

/** A hotline as the page shows it. */
export const hotlineState = ({ name, compiled, mistakes }: Hotline, switches: KeptSwitches): HotlineState => ({
  name,
  title: compiled?.flow.title ?? name,
  numbers: compiled?.flow.numbers ?? [],
  languages: compiled?.flow.languages ?? [],
  switches: compiled ? switches.states(compiled.flow) : [],
  live: compiled !== undefined,
  mistakes: mistakes.map((mistake) => mistake.message),
})

/** The file of a sound by its id, if it is one that calls would be played: whole, and no link that leads elsewhere. */
export function soundFile(folder: string, id: string): string | undefined {
  const file = join(folder, `${id}.wav`)
  return /^[0-9a-f]{32}$/.test(id) && wholeSound(file) ? file : undefined
}

/** The file of what a caller has recorded, if it is the name of one and is there. A link is none. */
export function recordingFile(folder: string, recording: string): string | undefined {
  const file = fileOf(folder, recording)
  return file !== undefined && lstatSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined
}

/** Listens; when the port is taken and nobody asked for just this one, the next free one is taken. */
export async function listen(server: Server, at: Settings['console']): Promise<Server> {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(at.host)
  if (!loopback && (at.token ?? '').length < 12) throw new Error(`CONSOLE_HOST=${at.host} lets others in: set CONSOLE_TOKEN as well, to a random word of 12 characters or more`)
  for (let port = at.port; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, at.host, resolve))
      return server
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      server.removeAllListeners('error')
      if (code !== 'EADDRINUSE') throw new Error(`the page cannot be opened at ${at.host}:${port}: ${message}`, { cause: error })
      if (at.portGiven || port >= at.port + 20) throw new Error(`port ${port} is taken: set CONSOLE_PORT to another`, { cause: error })
    }
  }
}

/** Where the page is found. */
export function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) return String(address)
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address.address) ? 'localhost' : address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}/`
}
