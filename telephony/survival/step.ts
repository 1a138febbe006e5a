import type { Prompt } from '../../engine/call/effects.ts'
import type { Act, Condition, Go } from '../../engine/survival.ts'
import { queueEnd, seconds, transferEnd } from '../ami/ends.ts'
import { CONTEXTS, EXTENSION, PHONE_NUMBER, transferAllowed, VARIABLES } from '../ami/places.ts'
import { expression, hoursIn, type Asked } from './conditions.ts'
import { answer, Extension, KEPT, safe } from './extension.ts'
import { hoursExtension } from './hours.ts'
import { backExtension, stepExtension, survivalContext } from './names.ts'
import { choose, enter, SHARED } from './questions.ts'
import { recordingPath } from './recorded.ts'

/** What every step of a hotline needs, in one language. */
export type Around = {
  asked: Asked
  language: string
  /** A prompt as Asterisk finds it, without ending; undefined when there is none. */
  sound(prompt: Prompt): string | undefined
  transfers?: { allow: readonly string[]; dial: string } | undefined
  /** The folder of recordings as Asterisk sees it. */
  recordings?: string | undefined
}

/** How a queue or a call can end, as Asterisk names it. */
const QUEUE_STATES = ['CONTINUE', 'TIMEOUT', 'JOINEMPTY', 'LEAVEEMPTY', 'JOINUNAVAIL', 'LEAVEUNAVAIL']
const DIAL_STATES = ['ANSWER', 'BUSY', 'NOANSWER']

/** One step in one language, as extensions. */
export class Step {
  readonly asked: Asked
  readonly label: (name: string) => string
  private readonly around: Around
  private readonly name: string
  private readonly extensions: Extension[]
  private act = 0

  constructor(name: string, acts: Act<Prompt>[], around: Around) {
    this.name = name
    this.around = around
    this.asked = around.asked
    // Labels are of one extension; a step may ask twice.
    this.label = (label) => (this.act === 0 ? label : `${label}${this.act}`)
    const first = new Extension(stepExtension(name))
      .add(`Gosub(${SHARED},at,1(${stepExtension(name)}))`)
    this.extensions = [first]
    for (const [i, act] of acts.entries()) {
      this.act = i
      this.does(act)
    }
  }

  text(): string {
    return this.extensions.map((one) => one.text()).join('\n')
  }

  sound(prompt: Prompt): string | undefined {
    const sound = prompt.length === 0 ? undefined : this.around.sound(prompt)
    return sound === undefined ? undefined : safe(sound, /^\/[\p{L}\p{N} _./+-]+$/u)
  }

  /** Where a way leads when nothing is to be done on the way. */
  direct({ to, end, set, language }: Go): string | undefined {
    if (set || language !== undefined) return undefined
    if (end === 'fallback') return `${CONTEXTS.fallback},${safe(this.asked.hotline, EXTENSION)},1`
    if (end === 'hang-up') return 'hang_up,1'
    return to === undefined ? this.label('on') : `${stepExtension(to)},1`
  }

  /** Goes there, with what is to be done on the way; `label` is that of the first line. */
  go(x: Extension, { set = {}, language, ...go }: Go, label?: string): void {
    const to = this.direct(go)!
    const sets = Object.entries(set).map(([name, value = '']) => `Set(${answer(name)}=${safe(value)})`)
    if (language !== undefined) sets.push(`Set(${VARIABLES.language}=${safe(language)})`)
    // Ends are the same in every language, steps are not.
    const moves = language !== undefined && go.to !== undefined
    const context = moves ? `${survivalContext(this.asked.hotline, safe(language))},` : ''
    for (const [i, line] of [...sets, `Goto(${context}${to})`].entries()) x.add(line, i === 0 ? label : undefined)
  }

  /** Finds out the opening hours that a condition asks for. */
  findOut(x: Extension, condition: Condition): void {
    const context = survivalContext(this.asked.hotline, 'hours')
    for (const name of hoursIn(condition)) x.add(`Gosub(${context},${hoursExtension(name)},1)`)
  }

  private does(act: Act<Prompt>): void {
    const x = this.extensions.at(-1)!
    switch (act.act) {
      case 'say':
        return this.say(x, act)
      case 'choose':
        choose(x, act, this)
        if (Object.values(act.keys).some(({ to, end }) => !to && !end)) x.add('NoOp()', this.label('on'))
        return
      case 'enter':
        return enter(x, act, this)
      case 'branch':
        return this.branch(x, act)
      case 'share':
        return this.share(x, act.shares)
      case 'queue':
        return this.queue(x, act)
      case 'call':
        return this.call(x, act)
      case 'record':
        return this.record(x, act)
      case 'go':
        return this.go(x, act.go)
    }
  }

  private say(x: Extension, { words, cut, forget }: Extract<Act<Prompt>, { act: 'say' }>): void {
    if (forget) x.set(KEPT.ahead, '')
    const sound = this.sound(words)
    if (sound !== undefined) x.add(cut ? `Gosub(${SHARED},say,1(${sound}))` : `Playback(${sound})`)
  }

  private branch(x: Extension, { if: condition, go }: Extract<Act<Prompt>, { act: 'branch' }>): void {
    this.findOut(x, condition)
    x.add(`GotoIf($[${expression(condition, this.asked)}]?${this.direct(go)!})`)
  }

  private share(x: Extension, shares: Extract<Act<Prompt>, { act: 'share' }>['shares']): void {
    let below = 0
    x.set(KEPT.share, '${RAND(1,1000)}')
    for (const { percent, go } of shares.slice(0, -1)) {
      below += percent * 10
      x.add(`GotoIf($[\${${KEPT.share}} <= ${Math.round(below)}]?${this.direct(go)!})`)
    }
    this.go(x, shares.at(-1)!.go)
  }

  private queue(x: Extension, { queue, maxWait, tell, ends }: Extract<Act<Prompt>, { act: 'queue' }>): void {
    if (tell.length > 0) {
      x.set(KEPT.tell, '')
      const at = (i: number): string | undefined => (i === 0 ? undefined : this.label(`tell${i}_`))
      for (const [i, name] of tell.map(answer).entries())
        x.when(name, '', at(i + 1)!, at(i)).set(KEPT.tell, `\${${KEPT.tell}}, \${${name}}`)
      x.when(KEPT.tell, '', this.label('wait'), at(tell.length)).set('CALLERID(name)', `\${${KEPT.tell}:2:60}`)
    }
    x.set('QUEUESTATUS', '', this.label('wait'))
      .add(`Queue(${safe(queue, EXTENSION)},c,,,${maxWait > 0 ? Math.ceil(maxWait / 1000) : ''})`)
    this.comesBack(x, 'QUEUESTATUS', QUEUE_STATES.map((state) => [state, ends[queueEnd(state)]]), ends.failed)
  }

  private call(x: Extension, { number, ring, ends }: Extract<Act<Prompt>, { act: 'call' }>): void {
    const { allow = [], dial = '' } = this.around.transfers ?? {}
    if (!transferAllowed(number, allow)) return this.go(x, ends.failed)
    const called = dial.replaceAll('{number}', safe(number, PHONE_NUMBER))
    x.set('DIALSTATUS', '').add(`Dial(${called},${Math.ceil(ring / 1000)},gr)`)
    this.comesBack(x, 'DIALSTATUS', DIAL_STATES.map((state) => [state, ends[transferEnd(state)]]), ends.failed)
  }

  /** From here callers go on as well whose engine went while they waited or talked. */
  private comesBack(x: Extension, variable: string, ways: [state: string, go: Go][], failed: Go): void {
    const back = backExtension(this.name)
    x.add(`Goto(${back},1)`)
    const there = new Extension(back).add(`Gosub(${SHARED},at,1(${back}))`)
    for (const [state, go] of ways)
      if (this.direct(go) !== this.direct(failed)) there.when(variable, state, this.direct(go)!)
    this.go(there, failed)
    this.extensions.push(there)
  }

  private record(x: Extension, { box, longest, silence, end, failed }: Extract<Act<Prompt>, { act: 'record' }>): void {
    const { recordings, language } = this.around
    if (recordings === undefined) return this.go(x, failed)
    const path = recordingPath({ folder: recordings, hotline: this.asked.hotline, box, language })
    // The tone as in the record context; kept at a hang-up (k), no beep of Asterisk's (q), `*` ends it (t).
    x.add('PlayTones(!1000/300)').add('Wait(0.3)').add('StopPlayTones()')
      .set(KEPT.from, '${FILTER(0-9+,${CALLERID(num)})}')
      .set('RECORD_STATUS', '')
      .add(`Record(${path},${seconds(silence)},${seconds(longest)},${end === '*' ? 'kqt' : 'kq'})`)
      .add(`GotoIf($["\${RECORD_STATUS}" = "" | "\${RECORD_STATUS}" = "ERROR"]?${this.direct(failed)!})`)
  }
}
