import { mkdirSync, statSync } from 'node:fs'
import { Backends } from '../engine/backends/backends.ts'
import type { Hotline } from '../engine/hotlines.ts'
import { KeptInbox } from '../engine/inbox.ts'
import { InboxSending } from '../engine/inbox-sending.ts'
import { tidyInbox } from '../engine/inbox-tidying.ts'
import type { Clock, Log } from '../engine/ports.ts'
import { count } from './check.ts'
import type { Settings } from './settings.ts'

const day = 86_400_000

/** What callers leave while the engine runs. */
export type LeftHere = {
  inbox: KeptInbox
  /** Undefined: messages are not sent anywhere. */
  sending: InboxSending | undefined
  /** Removes now and once a day what is too old; the function returned ends that. */
  tidy(): () => void
  /** Sends nothing any more; what waits is sent after the next start. */
  close(): Promise<void>
}

/** Makes the folder of recordings when there is none, for nobody else to look into. */
export function leftHere(settings: Settings, { clock, log }: { clock: Clock; log: Log }): LeftHere {
  const inbox = new KeptInbox(settings.data)
  const { sending, stop } = sendingOf(settings, inbox, { clock, log })
  mkdirSync(settings.recordings, { recursive: true, mode: 0o770 })
  const tidyNow = (): void =>
    void tidyInbox(inbox, settings.recordings, clock.now() - settings.inboxDays * day).then(
      (gone) => {
        if (gone.entries + gone.recordings > 0)
          log.info(
            gone,
            `after ${count(settings.inboxDays, 'day')} removed: ${gone.entries} of what callers have left, ` +
              `and ${count(gone.recordings, 'recording')}`,
          )
      },
      (error: unknown) => log.warn({ err: error }, 'old recordings and what callers have left could not be removed'),
    )
  return {
    inbox,
    sending,
    close: stop,
    tidy() {
      let cancel = (): void => {}
      const daily = (): void => {
        tidyNow()
        cancel = clock.after(day, daily)
      }
      daily()
      return () => cancel()
    },
  }
}

function sendingOf(
  { recordingsTo, backendsAllow, recordings }: Settings,
  inbox: KeptInbox,
  { clock, log }: { clock: Clock; log: Log },
): { sending: InboxSending | undefined; stop(): Promise<void> } {
  if (!recordingsTo) return { sending: undefined, stop: async () => {} }
  const backends = new Backends({ allow: backendsAllow, limits: { atOnce: 1 } })
  const sending = new InboxSending({ inbox, recordings, ...recordingsTo, request: (order) => backends.request(order), clock, log })
  return {
    sending,
    async stop() {
      sending.close()
      await backends.close()
    },
  }
}

const speaking = new Set(['voicemail', 'record'])

/**
 * What an admin should do so that Asterisk can record, when that can be seen: for flows in which callers speak, the
 * folder must be writable for Asterisk's user and closed to others.
 */
export function recordingTrouble(hotlines: readonly Hotline[], settings: Settings): string | undefined {
  const steps = hotlines.flatMap(({ compiled }) => [...(compiled?.flow.steps.values() ?? [])])
  if (!steps.some(({ kind }) => speaking.has(kind.kind))) return undefined
  const { recordings: folder } = settings
  const { mode, gid } = statSync(folder)
  const command = `sudo chgrp asterisk ${folder} && sudo chmod 2770 ${folder}`
  if (mode & 0o007)
    return `Everybody on this machine may look into ${folder}, where callers' recordings lie: run "${command}"`
  const shared = settings.recordingsOnAsterisk !== undefined || (mode & 0o020 && gid !== process.getgid?.())
  if (shared) return undefined
  return `Only you can write into ${folder}: unless Asterisk runs as you, it cannot record there; run "${command}"`
}
