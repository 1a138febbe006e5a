/** A recording; times in milliseconds. */
export type Recording = { id: number; name: string; end: string; longest: number; until: number; spoken: number }
/** A stay with people. */
export type Away = { type: 'queued' | 'transferred'; id: number; until: number }

/** Something that comes to its end by itself. */
export type Due = { at: number } & (
  | { type: 'timer'; timer: string }
  | { type: 'prompt'; id: number }
  | { type: 'recording' }
  | { type: 'away' }
)

/** What goes on in a call and ends by itself: timers, what is said, a recording, a stay with people. */
export class UnderWay {
  away: Away | undefined
  /** The caller may speak. */
  recording: Recording | undefined
  playing: { id: number; until: number } | undefined
  readonly timers: Map<string, number>

  constructor(from?: UnderWay) {
    this.away = from?.away
    this.recording = from?.recording
    this.timers = new Map(from?.timers)
  }

  /** What ends first; undefined when nothing does by itself. */
  get next(): Due | undefined {
    const { playing, recording, away } = this
    const all: Due[] = [...this.timers].map(([timer, at]) => ({ type: 'timer', timer, at }))
    if (playing) all.push({ type: 'prompt', id: playing.id, at: playing.until })
    if (recording) all.push({ type: 'recording', at: recording.until })
    if (away && away.until < Infinity) all.push({ type: 'away', at: away.until })
    return all.sort((a, b) => a.at - b.at)[0]
  }
}
