import type { Prompt } from '../call/effects.ts'
import type { Said, SetValue, Surviving } from '../steps/step.ts'
import { tableOf } from '../special-days.ts'
import { isPlain, type Act, type Condition, type Go, type Loss, type Question, type Survival } from '../survival.ts'
import { hangUpEnd, sorryEnd, type Flow, type Step } from './flow.ts'
import { onlyFixed, spoken } from './speech.ts'
import { shownName } from './step-names.ts'
import { leadingToInput, wordingOf } from './wording.ts'

/** What becomes of a flow's callers while no engine runs; special days are written down from `now` on. */
export function survive(flow: Flow, now: number): Survival {
  const toInput = leadingToInput(flow)
  // What is set must be known before conditions on it can be read.
  const answers = answersSet([...flow.steps.values()].flatMap((step) => actsOf(flow, step, toInput, new Set()).acts))
  const losses: { at: string; loss: Loss }[] = []
  const acts = [...flow.steps.values()].map((step) => {
    const one = actsOf(flow, step, toInput, answers)
    losses.push(...one.losses.map((loss) => ({ at: step.name, loss })))
    return [step.name, one.acts] as const
  })
  const spokenIn = (language: string) =>
    Object.fromEntries(acts.map(([name, list]) => [name, decided(list.map((act) => worded(flow, act, language)))]))
  const steps = Object.fromEntries(flow.languages.map((language) => [language, spokenIn(language)]))
  const met = reached(flow.start, Object.values(steps))
  return {
    start: flow.start,
    steps,
    timezone: flow.timezone,
    hours: mapped(flow.hours, (hours) => tableOf(hours, now, flow.timezone)),
    switches: mapped(flow.switches, ({ starts }) => starts),
    // What only happens behind a way that survival never goes is lost by nobody.
    losses: each(losses.filter(({ at }) => met.has(at)).map(({ loss }) => loss)),
  }
}

const mapped = <T, R>(record: Record<string, T>, to: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]))

/** The same loss twice is one. */
const each = (losses: Loss[]): Loss[] => [...new Map(losses.map((loss) => [JSON.stringify(loss), loss])).values()]

type Acts = { acts: Act<Said[]>[]; losses: Loss[] }

/** The step's acts, and what callers lose in them. */
function actsOf(flow: Flow, step: Step, toInput: Set<string>, answers: ReadonlySet<string>): Acts {
  const losses: Loss[] = []
  const loses = (what: string, way?: string): void => {
    const to = way === undefined ? undefined : step.ways.get(way)
    losses.push({ step: shownName(step.name), what, ...(to === undefined ? {} : { goes: inWords(to) }) })
  }
  const surviving: Surviving = {
    ...wordingOf(flow, step, toInput),
    loses,
    go: (what, set) => ({ ...onwards(flow, step, what), ...(set ? setting(flow, set, loses) : {}) }),
    condition(cel, lenient = false) {
      const { condition, whole, asNew } = flow.expressions.decidable(cel, answers, lenient)
      if (asNew) loses('everybody counts as calling for the first time')
      if (!whole) loses(`what is not known of the condition ${cel} counts as ${lenient ? '' : 'not '}met`)
      return condition
    },
  }
  const acts = step.kind.survives?.(step.fields, surviving) ?? leftOut(step, surviving)
  for (const act of acts) for (const what of unsaid(flow, act)) loses(what)
  return { acts: acts.map((act) => asked(flow, act)), losses }
}

function leftOut({ kind, ways }: Step, s: Surviving): Act<Said[]>[] {
  const way = ['failed', 'otherwise', 'next'].find((one) => ways.has(one)) ?? [...ways.keys()][0]
  s.loses(`${kind.kind} is left out`, way)
  return [{ act: 'go', go: way === undefined ? { end: 'fallback' } : s.go(way) }]
}

function onwards({ steps }: Flow, step: Step, what: string): Go {
  const to = step.ways.get(what)
  if (to === undefined) throw new Error(`step ${step.name}: the way "${what}" leads nowhere`)
  if (to === hangUpEnd) return { end: 'hang-up' }
  return steps.has(to) && to !== sorryEnd ? { to } : { end: 'fallback' }
}

const inWords = (to: string): string =>
  to === hangUpEnd ? 'the end' : to === sorryEnd ? 'the queue of last resort' : shownName(to)

function setting(flow: Flow, set: Record<string, SetValue>, loses: Surviving['loses']): Pick<Go, 'set' | 'language'> {
  const known: Record<string, string | undefined> = {}
  let language: string | undefined
  for (const [name, given] of Object.entries(set)) {
    const value = 'value' in given && isPlain(String(given.value)) ? String(given.value) : undefined
    if (name === 'language') language = value !== undefined && flow.languages.includes(value) ? value : language
    else known[name] = value
    if (value === undefined) loses(name === 'language' ? 'the language stays as it is' : `${name} is not known`)
  }
  return { ...(Object.keys(known).length > 0 ? { set: known } : {}), ...(language === undefined ? {} : { language }) }
}

/** Names of answers to which an act gives a value. */
function answersSet(acts: Act<Said[]>[]): Set<string> {
  const given = ({ set = {} }: Go): string[] => Object.keys(set).filter((name) => set[name] !== undefined)
  return new Set(acts.flatMap((act) => {
    if (act.act === 'enter') return [act.into]
    if (act.act === 'choose') return Object.values(act.keys).flatMap(given)
    return act.act === 'go' ? given(act.go) : []
  }))
}

/** Says what of an act's texts is left out, in whatever language. */
function unsaid(flow: Flow, act: Act<Said[]>): string[] {
  const cut = (say: Said[]): boolean => flow.languages.some((language) => !onlyFixed(say, language))
  if (act.act === 'say') return cut(act.words) ? ['sentences with values in them are not said'] : []
  if (act.act !== 'choose' && act.act !== 'enter') return []
  const { prompt, silence, mistake, short } = act.question
  if (isMute(flow, prompt)) return ['nothing can be asked without values, so nothing is']
  return [prompt, ...silence, ...mistake, ...short].some(cut) ? ['sentences with values in them are not said'] : []
}

const isMute = (flow: Flow, prompt: Said[]): boolean =>
  flow.languages.some((language) => withoutValues(flow, prompt, language).length === 0)

/** A question of which nothing can be said is not asked. */
function asked(flow: Flow, act: Act<Said[]>): Act<Said[]> {
  const mute = (act.act === 'choose' || act.act === 'enter') && isMute(flow, act.question.prompt)
  return mute ? { act: 'go', go: act.question.otherwise } : act
}

/** The act with its words in one language. */
function worded(flow: Flow, act: Act<Said[]>, language: string): Act<Prompt> {
  const say = (words: Said[]): Prompt => withoutValues(flow, words, language)
  const question = ({ prompt, silence, mistake, short, ...more }: Question<Said[]>): Question<Prompt> => ({
    ...more,
    prompt: say(prompt),
    silence: silence.map(say),
    mistake: mistake.map(say),
    short: short.map(say),
  })
  switch (act.act) {
    case 'say':
      return { ...act, words: say(act.words) }
    case 'choose':
      return { ...act, question: question(act.question) }
    case 'enter':
      return {
        ...act,
        question: question(act.question),
        ...(act.check ? { check: inLanguage(act.check, language) } : {}),
      }
    case 'branch':
      return { ...act, if: inLanguage(act.if, language) }
    default:
      return act
  }
}

/** A condition once the language is known, without the parts that are always or never met. */
function inLanguage(condition: Condition, language: string): Condition {
  if ('language' in condition) return { always: condition.language === language }
  if ('not' in condition) {
    const not = inLanguage(condition.not, language)
    return 'always' in not ? { always: !not.always } : { not }
  }
  const [parts, decides] = 'all' in condition ? [condition.all, false] : 'any' in condition ? [condition.any, true] : []
  if (!parts) return condition
  const known = parts.map((one) => inLanguage(one, language))
  const open = known.filter((one) => !('always' in one))
  if (known.some((one) => 'always' in one && one.always === decides)) return { always: decides! }
  if (open.length === 0) return { always: !decides }
  return open.length === 1 ? open[0]! : decides ? { any: open } : { all: open }
}

/** Without branches never taken, what stands behind one that always is, and prompts without a word. */
function decided(acts: Act<Prompt>[]): Act<Prompt>[] {
  const first = acts.findIndex((act) => act.act === 'branch' && 'always' in act.if && act.if.always)
  const [way] = first < 0 ? [] : acts.slice(first)
  const list = way?.act === 'branch' ? [...acts.slice(0, first), { act: 'go' as const, go: way.go }] : acts
  const idle = (act: Act<Prompt>): boolean =>
    act.act === 'branch' ? 'always' in act.if : act.act === 'say' && act.words.length === 0
  return list.filter((act) => !idle(act))
}

/** The steps that a caller can come to from the start. */
function reached(start: string, languages: Record<string, Act<Prompt>[]>[]): Set<string> {
  const found = new Set([start])
  for (const name of found)
    for (const steps of languages)
      for (const { to } of (steps[name] ?? []).flatMap(goesOf)) if (to !== undefined) found.add(to)
  return found
}

function goesOf(act: Act<unknown>): Go[] {
  switch (act.act) {
    case 'choose':
      return [...Object.values(act.keys), ...(act.other ? [act.other] : []), act.question.otherwise]
    case 'enter':
      return [act.next, act.question.otherwise]
    case 'share':
      return act.shares.map(({ go }) => go)
    case 'queue':
    case 'call':
      return Object.values(act.ends)
    case 'record':
      return [act.failed]
    case 'say':
      return []
    default:
      return [act.go]
  }
}

/** A mark that no text holds, in place of a value. */
const gap = '\u0000'

/** What is said of a text: the sentences without values. */
function withoutValues(flow: Flow, say: Said[], language: string): Prompt {
  return spoken(say, language, () => gap, flow)
    .map(({ pieces, ...part }) => {
      if (!pieces) return part
      const { name: _, ...rest } = part
      return { ...rest, text: part.text.split(/(?<=[.!?])\s+/).filter((sentence) => !sentence.includes(gap)).join(' ').trim() }
    })
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
}
