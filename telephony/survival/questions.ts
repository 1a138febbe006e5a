import type { Act, Question } from '../../engine/survival.ts'
import type { Prompt } from '../../engine/call/effects.ts'
import { answer, Extension, KEPT, safe } from './extension.ts'
import { CONTEXTS, VARIABLES } from '../ami/places.ts'
import { expression } from './conditions.ts'
import type { Step } from './step.ts'

const { key, ahead, entry, silent, wrong, short, lead } = KEPT
type Choose = Extract<Act<Prompt>, { act: 'choose' }>
type Enter = Extract<Act<Prompt>, { act: 'enter' }>

/** The context with what the steps of all hotlines share, called by Gosub. */
export const SHARED = 'callwright-survival-shared'

/** Steps in a call after which something must be wrong: a prompt that is not there takes no time. */
const MOST_STEPS = 500

/** How long to wait for a key behind a prompt that need not be answered, in seconds. */
const hardly = 0.01

/** One place that counts steps and listens to callers. Reading key by key is what lets keys pressed ahead be kept. */
export function sharedContext(): string {
  const { late, lateUntil, steps } = KEPT
  const at = new Extension('at')
    .set(VARIABLES.step, '${ARG1}')
    .set(steps, `$[0\${${steps}} + 1]`)
    .add(`GotoIf($[\${${steps}} > ${MOST_STEPS}]?${CONTEXTS.fallback},\${${VARIABLES.hotline}},1)`)
    .add('Return()')
  const ask = new Extension('ask').set(silent, '0').set(wrong, '0').set(short, '0').set(lead, '').add('Return()')
  const read = new Extension('read')
    .set(key, `\${${ahead}}`)
    .set(ahead, '')
    .add(`GotoIf($["\${${key}}" != ""]?pressed)`)
    .add(`Read(${key},\${ARG1},1,t,1,\${ARG2})`, 'listen')
    // An end key pressed out of habit behind an entry that was complete is no answer to what follows.
    .add(`GotoIf($["\${${key}}" = "" | "\${${key}}" != "\${${late}}"]?done)`, 'pressed')
    .set(late, '')
    .add(`GotoIf($[\${EPOCH} <= 0\${${lateUntil}}]?listen)`)
    .set(late, '', 'done')
    .add('Return()')
  const say = new Extension('say')
    .add(`GotoIf($["\${${ahead}}" != ""]?done)`)
    .add(`Gosub(read,1(\${ARG1},${hardly}))`)
    .set(ahead, `\${${key}}`)
    .add('Return()', 'done')
  return `; What all steps share. at: where the caller is. ask: before a question. read: plays prompts and reads a key, for
; so many seconds. say: plays prompts, which a key cuts short; it is kept for the question that follows.
[${SHARED}]
${[at, ask, read, say].map((one) => one.text()).join('\n')}`
}

/** Keys that cannot stand in a label. */
const signs: Record<string, string> = { '*': 'star', '#': 'hash' }

/** A menu. */
export function choose(x: Extension, { question, keys, other }: Choose, step: Step): void {
  const [prompt, label] = [step.sound(question.prompt), step.label]
  if (prompt === undefined) return step.go(x, question.otherwise)
  begin(x, question)
  read(x, question, prompt, label('ask'))
  x.when(key, '', label('silent'))
  const named = Object.entries(keys).map(([name, go]) => ({
    name: safe(name, /^[0-9*#]$/), go, at: label(`key${signs[name] ?? name}`),
  }))
  for (const { name, go, at } of named) x.when(key, name, step.direct(go) ?? at)
  if (other) step.go(x, other)
  mistakes(x, question, step, { short: false, wrong: other === undefined })
  for (const { go, at } of named) {
    if (step.direct(go) !== undefined) continue
    step.go(x, go, at)
  }
}

/** Digits, read one by one, so that `*` begins again and the end key ends. */
export function enter(x: Extension, act: Enter, step: Step): void {
  const { question, least, most, into, check, next } = act
  const [prompt, label] = [step.sound(question.prompt), step.label]
  const end = safe(act.end, /^[*#]$/)
  if (prompt === undefined) return step.go(x, question.otherwise)
  begin(x, question)
  // Before a question is asked there is nothing to end and nothing to begin again.
  x.set(ahead, `\${FILTER(0-9,\${${ahead}})}`)
    .set(entry, '', label('ask'))
  read(x, question, prompt)
  x.when(key, '', label('silent'))
  x.add(`GotoIf($["\${${key}}" = "${end}"]?${label('judge')})`, label('keyed'))
    .set(entry, end === '*' ? `\${${entry}}\${${key}}` : `\${IF($["\${${key}}" = "*"]?:\${${entry}}\${${key}})}`)
    .add(`GotoIf($[\${LEN(\${${entry}})} >= ${most}]?${label('full')})`)
    .add(`Gosub(${SHARED},read,1(,${seconds(act.betweenKeys)}))`)
    .add(`GotoIf($["\${${key}}" != ""]?${label('keyed')})`)
    .add(`GotoIf($["\${${entry}}" = ""]?${label('silent')}:${label('judge')})`)
    .set(KEPT.late, end, label('full'))
    .set(KEPT.lateUntil, `$[\${EPOCH} + ${Math.ceil(act.betweenKeys / 1000)}]`)
    .add(`GotoIf($[\${LEN(\${${entry}})} < ${least}]?${label('short')})`, label('judge'))
    .add(`GotoIf($["\${FILTER(0-9,\${${entry}})}" != "\${${entry}}"]?${label('wrong')})`)
    .set(answer(into), `\${${entry}}`)
  if (check) {
    step.findOut(x, check)
    x.add(`GotoIf($[${expression(check, step.asked)}]?${label('fits')})`)
      .set(answer(into), '')
      .add(`Goto(${label('wrong')})`)
  }
  step.go(x, next, check && label('fits'))
  mistakes(x, question, step, { short: true, wrong: true })
}

function begin(x: Extension, { bargeIn }: Question<Prompt>): void {
  x.add(`Gosub(${SHARED},ask,1)`)
  if (!bargeIn) x.set(ahead, '')
}

function read(x: Extension, { bargeIn, wait }: Question<Prompt>, prompt: string, label?: string): void {
  const words = `\${${lead}}${prompt}`
  if (!bargeIn) x.add(`Playback(${words})`, label)
  x.add(`Gosub(${SHARED},read,1(${bargeIn ? words : ''},${seconds(wait)}))`, bargeIn ? label : undefined)
}

/** What happens when nothing, or nothing that fits, was keyed: other words each time, and an end of it. */
function mistakes(x: Extension, question: Question<Prompt>, step: Step, can: { short: boolean; wrong: boolean }): void {
  const { label } = step
  const one = (variable: string, words: Prompt[], at?: string): void => {
    x.set(variable, `$[\${${variable}} + 1]`, at).set(lead, ladder(variable, words, question.tries, step))
  }
  if (can.short) {
    one(short, question.short, label('short'))
    x.add(`Goto(${label('again')})`)
  }
  if (can.wrong) {
    one(wrong, question.mistake, label('wrong'))
    // What was keyed behind a mistake was meant for something else: a moment in which it is lost.
    x.add('Wait(0.1)').add(`Goto(${label('again')})`)
  }
  one(silent, question.silence, label('silent'))
  const sum = `\${${silent}} + \${${wrong}}${can.short ? ` + \${${short}}` : ''}`
  x.add(`GotoIf($[${sum} < ${question.tries}]?${label('ask')})`, label('again'))
  step.go(x, question.otherwise)
}

/** The words for the first, second, ... time; the last again when there are no more. */
function ladder(variable: string, words: Prompt[], tries: number, step: Step): string {
  const sounds = words.slice(0, Math.max(1, tries - 1)).map((one) => step.sound(one))
  const said = sounds.map((sound) => (sound === undefined ? '' : `${sound}&`))
  const last = said.pop() ?? ''
  return said.reduceRight((rest, one, i) => `\${IF($[\${${variable}} = ${i + 1}]?${one}:${rest})}`, last)
}

const seconds = (ms: number): number => ms / 1000
