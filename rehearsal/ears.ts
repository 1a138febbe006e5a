import { plainWords } from './conversation.ts'

type Prompt = { text: string; until: number }

/** What a caller has heard, and what has been said since the line of the test that was carried out last. */
export class Ears {
  /** The prompt being said; `until` is when it ends. */
  playing: Prompt | undefined
  /** Prompts begun and not yet listened to, as they are compared; of the one listened to last, the rest. */
  private unheard: Prompt[] = []
  private heard = ''
  private cutOff = ''

  begins(text: string, until: number): void {
    this.playing = { text: plainWords(text), until }
    this.unheard.push(this.playing)
  }

  /** What a key has cut off is not heard after it. */
  cut(): void {
    this.cutOff += ` ${this.playing?.text ?? ''}`
    this.unheard = this.unheard.filter((one) => one !== this.playing)
    this.playing = undefined
  }

  /** Whether these words are among what has been said; they and all before them have been heard then. */
  hears(text: string): boolean {
    const sought = plainWords(text)
    for (let one = this.unheard.shift(); one !== undefined; one = this.unheard.shift()) {
      const at = one.text.indexOf(sought)
      this.heard += ` ${at < 0 ? one.text : one.text.slice(0, at + sought.length)}`
      if (at < 0) continue
      // The next line may be about the rest of the same prompt.
      one.text = one.text.slice(at + sought.length)
      this.unheard.unshift(one)
      return true
    }
    return false
  }

  /** Why words were not heard, if that is known here. */
  why(text: string): string | undefined {
    const sought = plainWords(text)
    if (this.heard.includes(sought)) return 'it was said before this line'
    return this.cutOff.includes(sought) ? 'a key has cut it off' : undefined
  }
}
