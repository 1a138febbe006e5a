import type { Compiled } from '../language/compile.ts'
import { hangUpEnd, sorryEnd, type Step } from '../language/flow.ts'
import { baseName, numberIn } from '../language/step-names.ts'
import { digits, happenings, time, type Happened } from './happened.ts'
import { firstStage, stagesOf } from './stages.ts'
import { actionOf, guardOf, inBrackets, textIn, turnOf, wordsOf, type Turn } from './turn.ts'

/** A flow as boxes and ways: all that a drawing needs, and nothing of how it is drawn. */
export type Graph = {
  name: string
  title: string
  numbers: string[]
  languages: string[]
  /** The language of the texts shown. */
  language: string
  /** The box in which the call begins. */
  start: string
  boxes: Box[]
}

/** A step with the name that its author gave it; one part, or one for each step of its list. */
export type Box = { name: string; parts: Part[]; reached: boolean; /** The boxes that lead here. */ sources: string[] }

/**
 * How a part is drawn. `asks`, `says`; `decides`: goes one of several ways by itself; `notes`: keeps something;
 * `hands-over`: to people; `ends`: the call is over.
 */
export type Look = 'asks' | 'says' | 'decides' | 'notes' | 'hands-over' | 'ends'

export type Part = {
  /** The step's full name, `postcode/2`. */
  step: string
  kind: string
  look: Look
  /** What is said, in the language shown. */
  says?: string
  /** What it is about: the queue, the hours, what is kept. */
  detail?: string
  ways: Out[]
  reached: boolean
}

/** Ways that lead from one part to the same place. */
export type Out = Pick<Happened, 'words' | 'key' | 'matter' | 'trouble'> & {
  /** Everything that leads there, as the flow has it. */
  whats: string[]
  /** A box, or an end. */
  to: string
  /** The part of the box, by its full name: a call may come back into the middle of a list. */
  step: string
  /** To the part below it in the same box. */
  below: boolean
  /** As a line; else the name of the box stands in its place, so that busy pictures stay readable. */
  line: boolean
}

/** What is said at the ends that every flow has. */
export const ends: Record<string, string> = { [hangUpEnd]: 'hang-up', [sorryEnd]: 'sorry, hang-up' }

/** A checked flow as boxes and ways. */
export function graphOf(compiled: Compiled, language = compiled.flow.languages[0]): Graph {
  const { flow } = compiled
  const reached = reachable(flow.steps, flow.start)
  const boxes = new Map<string, Box>()
  for (const step of flow.steps.values()) {
    const name = baseName(step.name)
    const box = boxes.get(name) ?? { name, parts: [], reached: false, sources: [] }
    boxes.set(name, box)
    const isIn = reached.has(step.name)
    box.parts.push({ ...partOf(compiled, step, language), reached: isIn })
    box.reached ||= isIn
  }
  const start = baseName(flow.start)
  drawLines([...boxes.values()], start)
  return {
    name: flow.name,
    title: flow.title,
    numbers: flow.numbers,
    languages: flow.languages,
    language,
    start,
    boxes: [...boxes.values()],
  }
}

/** The steps that a call can come to. */
export function reachable(steps: ReadonlyMap<string, Step>, start: string): Set<string> {
  const reached = new Set<string>()
  const next = [start]
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    next.push(...(steps.get(name)?.ways.values() ?? []))
  }
  return reached
}

function partOf(compiled: Compiled, step: Step, language: string): Omit<Part, 'reached'> {
  const turn = turnOf(compiled, step)
  const ways = together(happenings(turn, language), step.name)
  const says = saidIn(compiled, turn, language)
  const detail = detailOf(turn)
  return {
    step: step.name,
    kind: step.kind.kind,
    look: lookOf(turn, ways.length),
    ways,
    ...(says ? { says } : {}),
    ...(detail ? { detail } : {}),
  }
}

function lookOf({ step, plays }: Turn, ways: number): Look {
  if (step.kind.role === 'asks') return 'asks'
  if (step.kind.role === 'leaves') return step.ways.size === 0 ? 'ends' : 'hands-over'
  if (plays.length > 0) return 'says'
  return ways > 1 || step.ways.size > 1 ? 'decides' : 'notes'
}

/**
 * Of a step of several parts what is heard first; of a menu made from labels the keys are shown, each with its label,
 * and not the prompt made of them.
 */
function saidIn(compiled: Compiled, { step, ask, plays }: Turn, language: string): string {
  const own = step.parts.texts?.find(({ path }) => path[0] === 'say')
  const first = firstStage(stagesOf(compiled, step), own && textIn(own.text, language))?.turn
  if (first) return wordsOf(first.ask?.prompt ?? first.plays[0]!.say, language, inBrackets)
  const labels = step.parts.texts?.some(({ path }) => path[0] === 'keys')
  if (ask && own) return wordsOf([{ texts: { [language]: textIn(own.text, language) } }], language, inBrackets)
  if (ask) return labels ? '' : wordsOf(ask.prompt, language, inBrackets)
  return plays.map(({ say }) => wordsOf(say, language, inBrackets)).join(' ')
}

function detailOf(turn: Turn): string {
  const { step } = turn
  const queue = actionOf(turn, 'queue')?.params
  const transfer = actionOf(turn, 'transfer')?.params
  const fits = guardOf(turn, 'entry-fits')?.params
  const values =
    turn.exits.length === 1 || step.kind.role === 'passes'
      ? turn.does.flatMap((action) => (action.type === 'set' ? Object.entries(action.params.values) : []))
      : []
  const secret = step.parts.sets?.some((set) => set.secret) ? ', secret' : ''
  return [
    queue?.queue,
    transfer && `to ${transfer.to}, rings ${time(transfer.ring)}`,
    fits && `${digits(fits)} into ${fits.into}${secret}`,
    ...(step.parts.hours ?? []).map(({ name }) => name),
    ...values.map(
      ([name, value]) =>
        `${name} = ${'value' in value ? String(value.value) : 'cel' in value ? value.cel : value.text}`,
    ),
    actionOf(turn, 'outcome')?.params.name,
    asked(turn),
    actionOf(turn, 'note')?.params.text.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, '[$1]'),
  ]
    .filter(Boolean)
    .join(', ')
}

/** `clinic/slots`, without what is asked in particular. */
function asked(turn: Turn): string | undefined {
  const { backend, rest } = actionOf(turn, 'request')?.params ?? {}
  return backend === undefined ? undefined : `${backend}/${rest}`.replace(/[?].*$/, '').replace(/\/$/, '')
}

/** Ways that stand by themselves: a key, a condition, a share of the callers. */
const ownWay = /^(key|branch|share) /

/** The other ways that lead to the same place are one. */
function together(ways: Happened[], from: string): Out[] {
  const outs: Out[] = []
  for (const { what, words, to, trouble, ...way } of ways) {
    const below = follows(from, to)
    const same = outs.find((out) => out.step === to && out.below === below && !ownWay.test(out.whats[0]!))
    if (same && !ownWay.test(what)) {
      same.whats.push(what)
      same.words = [same.words, words].filter(Boolean).join(' / ')
      same.trouble &&= trouble
    } else {
      const inside = !below && numberIn(to) > 1 ? `${words} (${numberIn(to)})`.trim() : words
      outs.push({ ...way, whats: [what], words: inside, trouble, to: baseName(to), step: to, below, line: false })
    }
  }
  return outs
}

function follows(from: string, to: string): boolean {
  const [, name, n] = /^(.*)\/(\d+)$/.exec(from) ?? []
  return name !== undefined && to === `${name}/${Number(n) + 1}`
}

/** A box to which more boxes lead than this gets no further lines. */
const mostLines = 4

/**
 * Chooses which ways are lines. Each box has the line by which the call comes to it soonest; others are drawn where
 * they lead onwards and not to a place where many ways meet. Boxes that no call comes to have none.
 */
function drawLines(boxes: Box[], start: string): void {
  const byName = new Map(boxes.map((box) => [box.name, box]))
  const depth = new Map([[start, 0]])
  const outs = (box: Box): Out[] =>
    box.parts.flatMap(({ ways }) => ways).filter((out) => !out.below && byName.has(out.to))
  const next = [start]
  for (let name = next.shift(); name !== undefined; name = next.shift()) {
    // What the caller chose goes before what went wrong.
    for (const out of outs(byName.get(name)!).sort((a, b) => Number(a.trouble) - Number(b.trouble))) {
      if (depth.has(out.to)) continue
      depth.set(out.to, depth.get(name)! + 1)
      out.line = true
      next.push(out.to)
    }
  }
  for (const box of boxes)
    for (const to of new Set(outs(box).map((out) => out.to)))
      if (to !== box.name) byName.get(to)!.sources.push(box.name)
  for (const box of boxes.filter(({ name }) => depth.has(name))) {
    for (const out of outs(box)) {
      const onwards = depth.get(out.to)! > depth.get(box.name)!
      if (onwards && byName.get(out.to)!.sources.length <= mostLines) out.line = true
    }
  }
}
