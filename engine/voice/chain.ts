import type { PromptPart } from '../call/effects.ts'
import { TelephonyError } from '../errors.ts'
import type { Clock, Log, Sound } from '../ports.ts'
import { Lateness } from './lateness.ts'
import type { Identities } from './identities.ts'
import { nearestLanguage, type VoiceProvider } from './provider.ts'
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
  private readonly lateness = new Map<Speaker, Lateness>()

  constructor(options: ChainOptions, ports: { clock: Clock; log: Log; identities: Identities; onBack(): void }) {
    this.options = options
    this.clock = ports.clock
    this.log = ports.log
    this.speakers = options.voices.map((voice) => new Speaker(voice, ports))
    for (const speaker of this.speakers) this.lateness.set(speaker, new Lateness(ports.clock))
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
   * waiting. For one that kept a caller waiting lately nobody waits, as long as there is another. What comes too late
   * is kept for the next time. Rejects with what each of them said.
   */
  make(choices: readonly Choice[], task: Task): Promise<Sound> {
    const asked = askable(choices)
    return new Promise<Sound>((resolve, reject) => {
      const gone = new AbortController()
      const timers: (() => void)[] = []
      const rest = choices.filter((one) => !asked.includes(one))
      const whys = rest.map(({ speaker: { name, fails } }) => `${name}: ${fails}`)
      /** Those that have been asked and have not answered, and since when. */
      const open = new Map<Speaker, number>()
      const over = (settle: () => void): void => {
        if (gone.signal.aborted) return
        for (const cancel of timers) cancel()
        if (task.until !== undefined) this.keptWaiting(open)
        gone.abort()
        settle()
      }
      const tooLong = (): void =>
        over(() => reject(new Error(['it took too long for a caller who waits', ...whys].join('; '))))
      const isLate = (speaker: Speaker): boolean => task.until !== undefined && this.lateness.get(speaker)!.now
      let begun = 0
      const begin = (): void => {
        if (gone.signal.aborted) return
        const choice = asked[begun++]
        if (!choice) {
          if (open.size === 0) over(() => reject(new Error(whys.join('; ') || 'there is no voice for that')))
          return
        }
        const { speaker, id } = choice
        const isLast = choice === asked.at(-1)
        const asking = { urgent: task.until !== undefined, gone: gone.signal, evenIfFailing: isLast && !task.spare }
        open.set(speaker, this.clock.steady())
        this.timed(speaker, speaker.speak(id, task.speech, asking, (samples) => task.keep(id, samples))).then(
          (sound) => over(() => resolve(this.madeBy(choice, choices, sound))),
          (error: unknown) => {
            open.delete(speaker)
            // It was spoken and could not be kept: no other voice can help.
            if (error instanceof TelephonyError) return over(() => reject(error))
            whys.push(`${speaker.name}: ${words(error)}`)
            begin()
          },
        )
        if (isLast) return
        if (isLate(speaker)) begin()
        else if (task.until !== undefined)
          timers.push(this.clock.after(Math.min(patience, lastBegins / (asked.length - 1)), begin))
      }
      if (task.until !== undefined)
        timers.push(this.clock.after(Math.max(0, task.until - this.clock.steady()), tooLong))
      begin()
    })
  }

  close(why: Error): void {
    for (const speaker of this.speakers) speaker.close(why)
  }

  /** What comes of a text that a voice speaks; how long it took is remembered. */
  private async timed(speaker: Speaker, spoken: Promise<Sound>): Promise<Sound> {
    const began = this.clock.steady()
    const sound = await spoken
    if (this.clock.steady() - began < patience) this.lateness.get(speaker)!.inTime()
    return sound
  }

  /** A caller does not wait any more for these, who have been asked at these times. */
  private keptWaiting(asked: ReadonlyMap<Speaker, number>): void {
    for (const [speaker, since] of asked) {
      const { name } = speaker
      if (this.clock.steady() - since < patience || !this.lateness.get(speaker)!.late()) continue
      this.log.warn({ voice: name }, `the voice ${name} keeps callers waiting; for a while no caller waits for it`)
    }
  }

  private madeBy(choice: Choice, choices: readonly Choice[], sound: Sound): Sound {
    for (const { speaker } of choices.slice(0, choices.indexOf(choice))) speaker.counts.replaced++
    return sound
  }

  /** From the flow, else from the admin, else all of them. A name that no voice has is passed over, and said once. */
  private inOrder({ voice, language }: PromptPart): Speaker[] {
    const { order = {}, last } = this.options
    const own = order[nearestLanguage(language, Object.keys(order)) ?? otherwise]
    const all = this.speakers.map(({ name }) => name)
    const lists = [voice?.by ?? [], own ?? all, all]
    const names = lists.map((list) => list.filter((name) => this.isKnown(name))).find((list) => list.length > 0) ?? []
    const unique = new Set([...names.filter((name) => name !== last), ...(last === undefined ? [] : [last])])
    return [...unique].flatMap((name) => this.speakers.find((one) => one.name === name) ?? [])
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
function askable(choices: readonly Choice[]): readonly Choice[] {
  const ready = choices.filter(({ speaker }) => speaker.state === 'ready')
  return ready.length > 0 ? ready : choices.filter(({ speaker }) => speaker.state === 'failing').slice(-1)
}

const idOf = ({ text, language, voice }: PromptPart, { name }: Speaker, identity: string): string =>
  soundId(text, language, name, identity, String(voice?.pace ?? 1))
