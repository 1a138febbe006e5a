import type { Compiled } from '../language/compile.ts'
import type { Step } from '../language/flow.ts'
import { baseName, numberIn } from '../language/step-names.ts'
import { aboveTheSteps } from './difference-above.ts'
import { fieldChanges } from './difference-fields.ts'
import { textChanges, whenSaid } from './difference-texts.ts'
import { ends } from './graph.ts'
import { happenings, type Happened } from './happened.ts'
import { byName, pairUp, sideBySide } from './pairs.ts'
import { plainText } from './text.ts'
import { turnOf, wordsOf } from './turn.ts'
import { listed } from './phrases.ts'

/** A change at a place: changes that are the same at many steps are told once. */
type Change = { at: string; words: string }

/** What is different for callers between two versions of a flow, in sentences; none when nothing is. */
export function differences(old: Compiled, now: Compiled): string[] {
  const { same, gone, added } = pairUp(old, now)
  const renamed = new Map(same.filter((pair) => pair.old !== pair.now).map((pair) => [pair.old, pair.now]))
  const nameOf = (name: string): string => renamed.get(name) ?? name
  const [before, after] = [byName(old.flow), byName(now.flow)]
  const compare = new Comparison(inNewWords(old, now), now, nameOf, new Set(added))
  for (const pair of same) compare.box(pair.now, before.get(pair.old)!, after.get(pair.now)!)
  return [
    ...aboveTheSteps(old.flow, now.flow, nameOf),
    ...[...renamed].map(([was, is]) => `\`${was}\` is now called \`${is}\`.`),
    ...added.map((name) => `New: \`${name}\` ${described(now, after.get(name)!)}.`),
    ...grouped(compare.changes),
    ...gone.map((name) => `Gone: \`${name}\` ${described(old, before.get(name)!)}.`),
  ].map(plainText)
}

/** What a switch is for is told in its new words: where it is read, nothing changes for callers. */
const inNewWords = (old: Compiled, { flow: { switches } }: Compiled): Compiled => ({
  ...old,
  flow: { ...old.flow, switches: { ...old.flow.switches, ...switches } },
})

/** `says "..."`, in the first language. */
function described(compiled: Compiled, steps: Step[]): string {
  const kinds = steps.map(({ kind }) => kind.kind).join(', ')
  for (const step of steps) {
    const {
      plays: [play],
      ask,
    } = turnOf(compiled, step)
    const say = play?.say ?? ask?.prompt
    if (say) return `(${kinds}) says "${wordsOf(say, compiled.flow.languages[0])}"`
  }
  return `(${kinds})`
}

/** Steps with the same change are one sentence. */
function grouped(changes: Change[]): string[] {
  const places = new Map<string, string[]>()
  for (const { at, words } of changes) places.set(words, [...(places.get(words) ?? []), at])
  const told = new Set<string>()
  return changes.flatMap(({ at, words }) => {
    const all = places.get(words)!
    if (all.length < 2) return [sentence(at, words)]
    if (told.has(words)) return []
    told.add(words)
    const shown = all.length > 6 ? [...all.slice(0, 5), `${all.length - 5} other steps`] : all
    return [sentence(listed(shown), words)]
  })
}

const sentence = (at: string, words: string): string =>
  words.startsWith('says')
    ? `${at} ${at.includes(' and ') ? words.replace('says', 'say') : words}.`
    : `At ${at} ${words}.`

/** Compares steps that are the same step. */
class Comparison {
  readonly changes: Change[] = []
  private readonly old: Compiled
  private readonly now: Compiled
  private readonly nameOf: (name: string) => string
  private readonly added: ReadonlySet<string>
  /** Spoken in both; what a new language says is told once, above. */
  private readonly languages: string[]

  constructor(old: Compiled, now: Compiled, nameOf: (name: string) => string, added: ReadonlySet<string>) {
    this.old = old
    this.now = now
    this.nameOf = nameOf
    this.added = added
    this.languages = now.flow.languages.filter((tag) => old.flow.languages.includes(tag))
  }

  box(name: string, before: Step[], after: Step[]): void {
    for (const [a, b] of sideBySide(before, after)) {
      const place = after.length > 1 ? `\`${name}\` (step ${numberIn((b ?? a)!.name) || 1})` : `\`${name}\``
      if (a && b) this.step(place, a, b)
      else if (b)
        this.note(
          place,
          before.length === 1 && after.length === 1
            ? `there is now another kind of step: ${described(this.now, [b])}`
            : `there is a new step in the list: ${described(this.now, [b])}`,
        )
      else if (a)
        this.note(
          `\`${name}\``,
          `${before.length === 1 && after.length === 1 ? 'what was there is gone' : 'a step is gone'}: ${described(this.old, [a])}`,
        )
    }
  }

  private note(at: string, words: string): void {
    this.changes.push({ at, words })
  }

  private step(at: string, a: Step, b: Step): void {
    this.texts(at, a, b)
    for (const words of fieldChanges(a, b)) this.note(at, words)
    this.ways(at, a, b)
  }

  private texts(at: string, a: Step, b: Step): void {
    const own = (step: Step) =>
      new Map((step.parts.texts ?? []).filter(({ path }) => path[0] !== 'keys').map((one) => [one.path.join('/'), one]))
    const [before, after] = [own(a), own(b)]
    for (const id of new Set([...after.keys(), ...before.keys()])) {
      const [was, is] = [before.get(id), after.get(id)]
      const usual = a.kind.role === 'leaves' || id !== 'say' ? 'the usual words' : 'nothing'
      for (const change of textChanges(was?.text, is?.text, this.languages, usual))
        this.note(at, `${whenSaid((is ?? was)!.path)} ${change}`)
    }
  }

  private ways(at: string, a: Step, b: Step): void {
    // A condition is known by its words, not by its place; a share by where it leads.
    const idOf = ({ what, words }: Happened): string =>
      what.startsWith('branch ') ? words : what.replace(/^share \S+/, 'share')
    const byId = (compiled: Compiled, step: Step) =>
      new Map(happenings(turnOf(compiled, step), compiled.flow.languages[0]).map((way) => [idOf(way), way]))
    const after = byId(this.now, b)
    const before = this.sameConditions(at, a, b, byId(this.old, a), after)
    for (const [id, way] of after) this.way(at, a, b, before.get(id), way)
    for (const [id, way] of before)
      if (!after.has(id))
        this.note(
          at,
          way.key === undefined
            ? `there is no longer a way for "${way.words || way.what}"`
            : `the caller can no longer press ${way.key}${forWhat(way)}`,
        )
    const order = (own: Map<string, Happened>, other: Map<string, Happened>): string[] =>
      [...own]
        .filter(([id, { what }]) => other.has(id) && /^(key|branch) /.test(what))
        .map(([id, { key }]) => key ?? id)
    const [was, is] = [order(before, after), order(after, before)]
    if (was.join('\n') !== is.join('\n'))
      this.note(
        at,
        after.values().next().value!.key === undefined
          ? `the conditions are now tried in another order: ${is.join('; ')}`
          : `the keys are now offered in the order ${is.join(', ')}`,
      )
  }

  /** A condition that changed is still the same way when it leads to the same place: from here on by its new words. */
  private sameConditions(
    at: string,
    a: Step,
    b: Step,
    before: Map<string, Happened>,
    after: Map<string, Happened>,
  ): Map<string, Happened> {
    return new Map(
      [...before].map(([id, was]) => {
        const same = [...after].find(
          ([other, is]) =>
            !before.has(other) &&
            is.what === was.what &&
            is.words.startsWith('if ') &&
            this.place(a, was.to, true) === this.place(b, is.to),
        )
        if (after.has(id) || !same) return [id, was]
        this.note(at, `the call now goes to ${this.place(b, same[1].to)} ${same[1].words} instead of ${was.words}`)
        return [same[0], was]
      }),
    )
  }

  private way(at: string, a: Step, b: Step, was: Happened | undefined, is: Happened): void {
    const to = this.place(b, is.to)
    if (!was)
      return this.note(
        at,
        is.key === undefined
          ? `"${is.words || is.what}" now leads to ${to}`
          : `the caller now presses ${is.key}${forWhat(is)}, which leads to ${to}`,
      )
    if (is.key !== undefined) {
      for (const change of textChanges(labelOf(a, is.key), labelOf(b, is.key), this.languages))
        this.note(at, `key ${is.key} is now for ${change}`)
    }
    if (is.what.startsWith('share ') && is.words !== was.words)
      this.note(at, `${is.words} now go to ${to} instead of ${was.words}`)
    const from = this.place(a, was.to, true)
    if (from.replace(' (new)', '') === to.replace(' (new)', '')) return
    const what = is.key === undefined ? (is.words === '' ? 'the call' : `"${is.words}"`) : `key ${is.key}${forWhat(is)}`
    this.note(
      at,
      is.words === ''
        ? `the call now goes on to ${to} instead of ${from}`
        : `${what} now leads to ${to} instead of ${from}`,
    )
  }

  /** Where a way leads, by the name that it has now. */
  private place(step: Step, to: string, old = false): string {
    if (ends[to] !== undefined) return `the end (${ends[to]})`
    const name = baseName(to)
    if (name === baseName(step.name) && !to.endsWith('/1') && to !== name) return 'the next step of the list'
    return `\`${old ? this.nameOf(name) : name}\`${!old && this.added.has(name) ? ' (new)' : ''}`
  }
}

const forWhat = ({ matter }: Happened): string => (matter === undefined ? '' : ` for "${matter}"`)

const labelOf = ({ parts }: Step, key: string) =>
  parts.texts?.find(({ path }) => path[0] === 'keys' && path[1] === key && path[2] === 'for')?.text
