import type { Prompt } from '../../engine/call/effects.ts'
import type { Survival } from '../../engine/survival.ts'
import { CONTEXTS, EXTENSION, VARIABLES } from '../ami/places.ts'
import { Extension, KEPT, safe } from './extension.ts'
import { hoursContext } from './hours.ts'
import { stepExtension, survivalContext } from './names.ts'
import { sharedContext } from './questions.ts'
import { Step, type Around } from './step.ts'

/** A hotline in the dialplan; one that cannot survive goes to the fallback. */
export type Surviving = {
  name: string
  survival?: {
    plan: Survival
    /** A prompt as Asterisk finds it, without ending; undefined when there is none. */
    sound(prompt: Prompt): string | undefined
  }
}

/**
 * The dialplan of callers whom no engine looks after, from the same flows: for each hotline a context per language, in
 * which each step is an extension, so that a caller goes on at the step where the engine has left them.
 */
export function survivalContexts(
  hotlines: readonly Surviving[],
  given: Pick<Around, 'transfers' | 'recordings'>,
): string[] {
  const entry = [
    '; Callers go on here when no engine looks after them: at their step, in their language.',
    `[${CONTEXTS.survival}]`,
    ...hotlines.map(enters),
  ].join('\n')
  const contexts = hotlines.flatMap(({ name, survival }) => {
    if (!survival) return []
    const { plan, sound } = survival
    const asked = { hotline: name, switches: plan.switches }
    const languages = Object.keys(plan.steps).map((language) => oneLanguage(plan, { asked, language, sound, ...given }))
    if (Object.keys(plan.hours).length === 0) return languages
    return [...languages, hoursContext(survivalContext(name, 'hours'), plan.hours, plan.timezone)]
  })
  return contexts.length === 0 ? [entry] : [entry, sharedContext(), ...contexts]
}

/** Who has talked to somebody need not wait again. */
const talked = '"${QUEUESTATUS}" = "CONTINUE" | "${DIALSTATUS}" = "ANSWER"'

/** The way in for a hotline's callers, at whatever step they are. */
function enters({ name, survival }: Surviving): string {
  const x = new Extension(safe(name, EXTENSION)).set('TIMEOUT(absolute)', '0').add('Answer()')
  const languages = Object.keys(survival?.plan.steps ?? {}).map((language) => safe(language))
  if (languages.length === 0) {
    x.add(`GotoIf($[${talked}]?done)`).add(`Goto(${CONTEXTS.fallback},${name},1)`).add('Hangup()', 'done')
    return x.text()
  }
  const spoken = languages.map((one) => `"\${${VARIABLES.language}}" = "${one}"`).join(' | ')
  const step = `\${IF($["\${${VARIABLES.step}}" = ""]?i:\${${VARIABLES.step}})}`
  return x
    .add(`GotoIf($[${spoken}]?known)`)
    .set(VARIABLES.language, languages[0]!)
    .set(KEPT.ahead, '', 'known')
    .add(`Goto(${survivalContext(name, `\${${VARIABLES.language}}`)},${step},1)`)
    .text()
}

function oneLanguage({ steps, start }: Survival, around: Around): string {
  const { asked: { hotline }, language } = around
  // Steps that are not here are those of another version of the flow.
  const unknown = new Extension('i')
    .add(`GotoIf($[${talked}]?hang_up,1)`)
    .add(`Goto(${stepExtension(start)},1)`)
  return [
    `[${survivalContext(hotline, safe(language))}]`,
    '; No step, or one that is not here: from the start; who has talked to somebody need not wait again.',
    unknown.text(),
    'exten => hang_up,1,Hangup()',
    ...Object.entries(steps[language]!).map(([name, acts]) => new Step(name, acts, around).text()),
  ].join('\n')
}
