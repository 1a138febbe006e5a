import { DateTime } from 'luxon'
import { ownOutcomes } from '../../engine/call/outcomes.ts'
import { milliseconds } from '../../engine/duration.ts'
import type { Compiled } from '../../engine/language/compile.ts'
import { plainNumber } from '../../engine/language/flow.ts'
import { countryCodeOf } from '../../engine/saying/values.ts'
import { usualCaller, type Earlier } from '../conversation.ts'
import { earlierCalls } from '../earlier.ts'
import { timeOf, usualTime } from '../times.ts'
import { Course } from './course.ts'
import { literals, type Predicates } from './predicates.ts'
import type { World } from './running.ts'

const day = 86_400_000
/** Worlds that are searched; many more would be the same to a flow. */
const mostWorlds = 400
/** Earlier calls that are tried in each way. */
const mostTried = 4000

/**
 * Who may call when, so that every condition of a flow is once true and once not, as far as that can be found: the
 * usual caller at the usual time first, with every setting of the switches, then other times and callers with each.
 */
export function* worldsOf(compiled: Compiled, predicates: Predicates): Generator<World> {
  const usual: World = {
    at: timeOf(usualTime, compiled.flow.timezone) as number,
    caller: callerOf(compiled.flow.numbers),
    dials: undefined,
    before: [],
  }
  const first = [usual, ...settingsOf(compiled.flow).map((switches) => ({ ...usual, switches }))]
  yield* first
  let count = first.length
  for (const base of first)
    for (const world of worldsLike(compiled, predicates, base)) {
      if (++count > mostWorlds) return
      yield world
    }
}

/** Other times, other callers, and both, that make other conditions true than this world does. */
function worldsLike(compiled: Compiled, predicates: Predicates, base: World): World[] {
  const { flow } = compiled
  const { context } = Course.begin(compiled, base)
  const speaksAsBefore = readsLanguage(compiled)
  const differs = (worlds: World[]): World[] => {
    const known = new Set([predicates.truth(context, base.at)])
    return worlds.filter((world) => {
      const earlier = earlierCalls(world, flow.name, flow.languages[0]).reverse()
      const facts = { ...context.facts, caller: world.caller, called: plainNumber(world.dials ?? context.facts.called) }
      const truth =
        predicates.truth({ ...context, facts, earlier, startedAt: world.at }, world.at) +
        (speaksAsBefore ? world.before[0]?.language : '')
      return !known.has(truth) && known.add(truth)
    })
  }
  const times = differs(timesOf(base.at, flow.timezone, predicates.texts).map((at) => ({ ...base, at })))
  const callers = differs(callersOf(compiled, predicates).map((caller) => ({ ...base, ...caller })))
  const both = times.flatMap(({ at }) => callers.map((caller) => ({ ...caller, at })))
  return [...times, ...callers, ...both]
}

/** Switches of which every combination is tried; of more than these each is turned alone. */
const mostCombined = 4

/** The switches that are on, in every other way than the hotline starts with; the fewest turned first. */
function settingsOf({ switches }: Compiled['flow']): string[][] {
  const names = Object.keys(switches)
  const turns =
    names.length > mostCombined
      ? names.map((name) => [name])
      : names.reduce<string[][]>((all, name) => [...all, ...all.map((turn) => [...turn, name])], [[]]).slice(1)
  return turns
    .toSorted((a, b) => a.length - b.length)
    .map((turn) => names.filter((name) => (switches[name]!.starts === 'on') !== turn.includes(name)))
}

/** A flow that asks for a number to call back differs by whether the caller has one. */
const asksForNumber = ({ flow }: Compiled): boolean =>
  [...flow.steps.values()].some(({ kind }) => kind.kind === 'callback' || kind.kind === 'message')

/** A flow that goes on in the language of the call before differs by it without any condition. */
const readsLanguage = ({ machine }: Compiled): boolean => JSON.stringify(machine.config).includes('caller.la')

/** Every hour of a fortnight, those of the day first; then the days that conditions name, and every month. */
function timesOf(usual: number, zone: string, conditions: string[]): number[] {
  const start = DateTime.fromMillis(usual, { zone }).startOf('day')
  const hours = [10, 14, 20, 3, ...Array.from({ length: 24 }, (_, hour) => hour)]
  const days = Array.from({ length: 14 }, (_, days) => start.plus({ days }))
  const named = literals(conditions).texts.flatMap((text) => {
    const at = /^\d{4}-\d\d-\d\d/.test(text) ? DateTime.fromISO(text, { zone }) : undefined
    return at?.isValid ? [-1, 0, 1].map((days) => at.plus({ days }).startOf('day')) : []
  })
  const asksForMonth = conditions.some((text) => /\bget(?:Month|Date|DayOf|FullYear)/.test(text))
  const months = asksForMonth ? Array.from({ length: 13 }, (_, months) => start.plus({ months })) : []
  const at = (day: DateTime, hour: number): number => day.set({ hour }).toMillis()
  return [...new Set(hours.flatMap((hour) => [...days, ...named, ...months].map((day) => at(day, hour))))]
}

/** The usual caller, with the country code of the hotline when one of its numbers has one. */
function callerOf(numbers: string[]): string {
  const code = numbers.flatMap((number) => countryCodeOf(plainNumber(number)) ?? [])[0]
  return code === undefined ? usualCaller : usualCaller.replace(/^\+61/, `+${code}`)
}

/** A telephone number that begins so. */
const completed = (beginning: string): string =>
  beginning.length >= 8 ? beginning : `${beginning}${'255501234'.slice(0, 12 - beginning.length)}`

function callersOf(compiled: Compiled, predicates: Predicates): Partial<World>[] {
  const { flow } = compiled
  const texts = predicates.texts
  const usual = callerOf(flow.numbers)
  const reads = (name: string): boolean => texts.some((text) => text.includes(name))
  const callers: Partial<World>[] = []
  if (reads('call.number')) callers.push(...flow.numbers.map((dials) => ({ dials })))
  if (reads('caller.number') || asksForNumber(compiled))
    callers.push(
      { caller: '' },
      ...[...literals(texts).texts, ...predicates.textsFor('caller.number')]
        .filter((one) => /^\+?\d{2,15}$/.test(one))
        .flatMap((one) => [{ caller: completed(one) }, { caller: one }]),
    )
  if (reads('caller.') || readsLanguage(compiled)) callers.push(...earlierOf(flow, texts).map((before) => ({ before })))
  // Shares of callers are drawn from their numbers.
  if ([...flow.steps.values()].some(({ ways }) => [...ways.keys()].some((way) => way.startsWith('share '))))
    callers.push(...Array.from({ length: 300 }, (_, n) => ({ caller: `${usual.slice(0, -4)}${String(2000 + n)}` })))
  return callers
}

/** Earlier calls of every sort that a flow's conditions can tell apart. */
function earlierOf(flow: Compiled['flow'], conditions: string[]): Earlier[][] {
  const { texts, numbers } = literals(conditions)
  const spans = texts.flatMap((text) => milliseconds(text) ?? []).filter((ms) => ms <= 7 * day)
  const agos = [...new Set([...spans.map((ms) => ms / 2), day, ...spans.map((ms) => ms * 1.5), 6 * day])]
    .map((ms) => Math.max(60_000, Math.round(ms / 60_000) * 60_000))
    .filter((ms) => ms <= 7 * day)
  const outcomes = [...new Set([...ownOutcomes, ...texts.filter((text) => /^[a-z][a-z0-9-]*$/.test(text))])]
  const counts = [...new Set([1, ...numbers.flatMap((n) => [n, n + 1])])].filter(
    (n) => Number.isInteger(n) && n >= 1 && n <= 30,
  )
  const steps = [undefined, ...texts.filter((text) => flow.steps.has(text))]
  const found: Earlier[][] = []
  for (const count of counts)
    for (const ago of agos)
      for (const language of flow.languages)
        for (const step of steps)
          for (const outcome of outcomes) {
            if (found.length >= mostTried) return found
            const other = language === flow.languages[0] ? {} : { language }
            found.push(
              Array.from({ length: count }, (_, n) => ({
                ago: ago + n * 60_000,
                outcome,
                ...other,
                ...(step ? { step } : {}),
              })),
            )
          }
  return found
}
