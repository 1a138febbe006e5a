import type { Compiled } from '../../engine/language/compile.ts'
import { Course } from './course.ts'
import { idOf, type Mark } from './mark.ts'
import { movesOf } from './moves.ts'
import { Predicates } from './predicates.ts'
import { Turns } from './turns.ts'
import { worldsOf } from './worlds.ts'

/**
 * How many moves a search tries at most. Not its time is bounded but its work, so that the same flow gives the same
 * conversations on every machine: some ten seconds on a small one.
 */
export const mostMoves = 20_000
/** Of which the usual caller at the usual time has the first: a fifth. */
const usualShare = 5

/** Calls that come to each step and go each way, in the order in which they were found. */
export type Found = {
  courses: Map<string, Course>
  missing: Mark[]
  /** The search ended after so many moves, before all was looked at. */
  cut: number | undefined
}

/** Looks for a call to every step and by every way, through every answer that a caller can give. */
export function search(compiled: Compiled, most = mostMoves): Found {
  const predicates = new Predicates(compiled)
  const goals = goalsOf(compiled)
  const courses = new Map<string, Course>()
  const seen = new Set<string>()
  const turns = new Turns()
  const place = placeOf(compiled, predicates)
  let moves = 0
  const add = (course: Course, from: number): void => {
    for (const mark of course.walked.slice(from)) if (!courses.has(idOf(mark))) courses.set(idOf(mark), course)
    if (!course.over) turns.add(course)
  }
  /** Goes on until all is found, nothing is left to look at, or so many moves have been tried. */
  const goOn = (until: number): void => {
    while (courses.size < goals.length && moves < until) {
      const course = turns.next()
      if (!course) return
      const id = place(course)
      if (seen.has(id)) continue
      seen.add(id)
      for (const move of movesOf(course, predicates)) {
        moves++
        add(course.after(move), course.walked.length)
      }
    }
  }
  for (const world of worldsOf(compiled, predicates)) {
    add(Course.begin(compiled, world), 0)
    if (moves === 0) goOn(most / usualShare)
  }
  goOn(most)
  const missing = goals.filter((mark) => !courses.has(idOf(mark)))
  return { courses, missing, cut: moves >= most ? most : undefined }
}

const goalsOf = ({ flow }: Compiled): Mark[] =>
  [...flow.steps.values()].flatMap(({ name, ways }) => [
    { step: name },
    ...[...ways.keys()].map((way) => ({ step: name, way })),
  ])

/** What a call at this place can still come to depends on no more than this. */
function placeOf({ flow }: Compiled, predicates: Predicates): (course: Course) => string {
  const keyed = new Set(
    [...flow.steps.values()].flatMap(({ kind, fields }) =>
      kind.role === 'asks' ? [(fields as { into?: string }).into] : [],
    ),
  )
  const longest = Math.max(0, ...predicates.seconds)
  // Stretches of time on the way to the longest call that a condition asks for.
  const stretch = Math.max(2000, longest * 25)
  const lasted = ({ now, world, untilNext = 0 }: Course): number[] =>
    longest === 0 ? [] : [Math.floor(Math.min(now - world.at, longest * 1000) / stretch), untilNext]
  return (course) => {
    const { snapshot, context, now, away } = course
    const { answers, language, wrong } = context
    const others = Object.entries(answers).filter(([name]) => !keyed.has(name))
    const truth = predicates.truth(context, now)
    return JSON.stringify([snapshot.value, language, wrong, others, away?.type, truth, lasted(course)])
  }
}
