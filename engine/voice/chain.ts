import type { PromptPart } from '../call/effects.ts'
import { TelephonyError } from '../errors.ts'
import type { Clock, Log, Sound } from '../ports.ts'
import { nearestLanguage, type VoiceProvider } from './provider.ts'
import { longestText } from './reading.ts'
import { Speaker, words, type Speech } from './speaker.ts'
import { soundId } from './store.ts'

/** How long a caller waits for a recording or a voice before the next voice begins beside it, in milliseconds. */
export const patience = 1000
/** When the last voice begins at the latest, in milliseconds. */
const lastBegins = 1800
/** How long a caller waits for a prompt altogether, in milliseconds: nobody is to hear nothing for three seconds. */
export const urgentMs = 2500
/** The order of every language that has none of its own. */
export const otherwise = 'otherwise'

export type ChainOptions = {
  /** All voices there are, the best one first. */
  voices: readonly VoiceProvider[]
  /** The names of voices by language, the best one first; `otherwise` for all other languages. Default: all of them. */
  order?: Record<string, readonly string[]>
  /** The voice that stands last in every order, wherever the others come from. Default: none does. */
  last?: string
}

/** A voice that may speak a part, and the id that its sound has. */
export type Choice = { speaker: Speaker; id: string }

/**
 * What is to be made. `until`: when the caller has waited long enough, by the steady clock; without it nobody
 * waits. `spare`: a voice that has failed is not to be asked, for there is a sound already.
 */
export type Task = {
  speech: Speech
  keep: (id: string, samples: Int16Array) => Promise<Sound>
  until?: number | undefined
  spare?: boolean
}

/** The voices in their order: who is to speak, and who does when that one cannot. */
export class Chain {
  readonly speakers: readonly Speaker[]
  private readonly options: ChainOptions
  private readonly clock: Clock
  private readonly log: Log
  private readonly told = new Set<string>()

  constructor(options: ChainOptions, ports: { clock: Clock; log: Log; onBack(): void }) {
    this.options = options
    this.clock = ports.clock
    this.log = ports.log
    this.speakers = options.voices.map((voice) => new Speaker(voice, ports))
  }

  /** Who may speak a part, the best one first. At once when the voices have been asked about its language before. */
  choices(part: PromptPart): Choice[] | Promise<Choice[]> {
    const speakers = this.inOrder(part)
    const identities = speakers.map((speaker) => speaker.identity(part.language))
    const chosen = (known: (string | undefined)[]): Choice[] =>
      speakers.flatMap((speaker, i) => {
        const identity = known[i]
        return identity === undefined ? [] : [{ speaker, id: idOf(part, speaker, identity) }]
      })
    const atOnce = identities.flatMap((one) => (one instanceof Promise ? [] : [one]))
    return atOnce.length === identities.length ? chosen(atOnce) : Promise.all(identities).then(chosen)
  }

  /**
   * The first sound that one of these voices makes: each is asked when the one before has failed, or keeps a caller
   * waiting. What comes too late is kept for the next time. Rejects with what each of them said.
   */
  make(choices: readonly Choice[], task: Task): Promise<Sound> {
    const asked = askable(choices, task.spare ?? false)
    return new Promise<Sound>((resolve, reject) => {
      const gone = new AbortController()
      const timers: (() => void)[] = []
      const rest = choices.filter((one) => !asked.includes(one))
      const whys = rest.map(({ speaker: { name, fails } }) => `${name}: ${fails}`)
      const over = (settle: () => void): void => {
        if (gone.signal.aborted) return
        for (const cancel of timers) cancel()
        gone.abort()
        settle()
      }
      let [begun, failed] = [0, 0]
      const begin = (): void => {
        if (gone.signal.aborted) return
        const choice = asked[begun++]
        if (!choice) {
          if (failed === asked.length) over(() => reject(new Error(whys.join('; ') || 'there is no voice for that')))
          return
        }
        const { speaker, id } = choice
        const isLast = choice === asked.at(-1)
        const asking = { urgent: task.until !== undefined, gone: gone.signal, evenIfFailing: isLast && !task.spare }
        speaker.speak(id, task.speech, asking, (samples) => task.keep(id, samples)).then(
          (sound) => over(() => resolve(this.madeBy(choice, choices, sound))),
          (error: unknown) => {
            // It was spoken and could not be kept: no other voice can help.
            if (error instanceof TelephonyError) return over(() => reject(error))
            failed++
            whys.push(`${speaker.name}: ${words(error)}`)
            begin()
          },
        )
        if (task.until !== undefined && !isLast)
          timers.push(this.clock.after(Math.min(patience, lastBegins / (asked.length - 1)), begin))
      }
      if (task.until !== undefined) {
        const left = Math.max(0, task.until - this.clock.steady())
        const tooLong = (): void => reject(new Error(['it took too long for a caller who waits', ...whys].join('; ')))
        timers.push(this.clock.after(left, () => over(tooLong)))
      }
      begin()
    })
  }

  close(why: Error): void {
    for (const speaker of this.speakers) speaker.close(why)
  }

  private madeBy(choice: Choice, choices: readonly Choice[], sound: Sound): Sound {
    for (const { speaker } of choices.slice(0, choices.indexOf(choice))) speaker.counts.replaced++
    return sound
  }

  /** From the flow, else from the admin, else all of them. A name that no voice has is passed over, and said once. */
  private inOrder({ voice, language, text }: PromptPart): Speaker[] {
    const { order = {}, last } = this.options
    const own = order[nearestLanguage(language, Object.keys(order)) ?? otherwise]
    const all = this.speakers.map(({ name }) => name)
    const lists = [voice?.by ?? [], own ?? all, all]
    const names = lists.map((list) => list.filter((name) => this.isKnown(name))).find((list) => list.length > 0) ?? []
    const unique = new Set([...names.filter((name) => name !== last), ...(last === undefined ? [] : [last])])
    const length = Math.min(text.length, longestText)
    return [...unique]
      .flatMap((name) => this.speakers.find((one) => one.name === name) ?? [])
      .filter((speaker) => length <= speaker.voice.limits.longestText)
  }

  private isKnown(name: string): boolean {
    if (this.speakers.some((one) => one.name === name)) return true
    if (!this.told.has(name))
      this.log.warn({ voice: name }, `there is no voice "${name}" and it is passed over; describe it in voices.yaml`)
    this.told.add(name)
    return false
  }
}

/** Those that have not failed; when all have, the last one that may have failed over another text only. */
function askable(choices: readonly Choice[], spare: boolean): readonly Choice[] {
  const ready = choices.filter(({ speaker }) => speaker.state === 'ready')
  return ready.length > 0 || spare ? ready : choices.filter(({ speaker }) => speaker.state === 'failing').slice(-1)
}

const idOf = ({ text, language, voice }: PromptPart, { name }: Speaker, identity: string): string =>
  soundId(text, language, name, identity, String(voice?.pace ?? 1))
