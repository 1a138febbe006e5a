import type { Compiled } from '../../engine/language/compile.ts'
import { Course, idOf, type Mark } from './course.ts'
import { movesOf } from './moves.ts'
import { Predicates } from './predicates.ts'
import { worldsOf } from './worlds.ts'

/** How long a search may take, in milliseconds, and how many places of calls it looks at. */
export type Limits = { ms: number; places: number }
export const usualLimits: Limits = { ms: 10_000, places: 50_000 }

/** The shortest calls that come to each step and go each way, in the order in which they were found. */
export type Found = {
  courses: Map<string, Course>
  missing: Mark[]
  /** The search ended before all was looked at. */ cut: boolean
}

/** Looks for a call to every step and by every way, breadth first: through every answer a caller can give. */
export function search(compiled: Compiled, limits: Limits = usualLimits): Found {
  const predicates = new Predicates(compiled)
  const goals = goalsOf(compiled)
  const courses = new Map<string, Course>()
  const seen = new Set<string>()
  const until = performance.now() + limits.ms
  const place = placeOf(compiled, predicates)
  const spent = (share = 1): boolean => seen.size >= limits.places * share || performance.now() > until - limits.ms * (1 - share)
  const arrive = (course: Course, from: number): void => {
    for (const mark of course.walked.slice(from)) if (!courses.has(idOf(mark))) courses.set(idOf(mark), course)
  }
  const worlds = [...worldsOf(compiled, predicates)].map((world) => ({ courses: [Course.begin(compiled, world)], looked: 0 }))
  type Looked = (typeof worlds)[number]
  const hasMore = ({ courses, looked }: Looked): boolean => looked < courses.length
  const look = (world: Looked): void => {
    // Not shift(): of a list of many thousands it takes its time.
    const course = world.courses[world.looked++]!
    const id = place(course)
    if (course.over || seen.has(id)) return
    seen.add(id)
    for (const move of movesOf(course, predicates)) {
      const after = course.after(move)
      arrive(after, course.walked.length)
      world.courses.push(after)
    }
  }
  const allFound = (): boolean => courses.size >= goals.length
  const [usual] = worlds
  arrive(usual!.courses[0]!, 0)
  while (hasMore(usual!) && !allFound() && !spent(0.2)) look(usual!)
  // Then all in turn: much to look at in one must not keep a caller on a Sunday from being found in another.
  for (const { courses: [first] } of worlds) arrive(first!, 0)
  for (let open = worlds; open.length > 0 && !allFound() && !spent(); open = open.filter(hasMore))
    for (const world of open) if (hasMore(world) && !allFound() && !spent()) look(world)
  return {
    courses,
    missing: goals.filter((mark) => !courses.has(idOf(mark))),
    cut: spent() && !allFound(),
  }
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
  return ({ snapshot, context, now, away }) => {
    const { answers, language, wrong } = context
    const others = Object.entries(answers).filter(([name]) => !keyed.has(name))
    return JSON.stringify([snapshot.value, language, wrong, others, away?.type, predicates.truth(context, now)])
  }
}
