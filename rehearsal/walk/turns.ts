import type { Course } from './course.ts'

/**
 * In which order calls are looked at: the step at which the fewest have been looked at goes first, so that much to try
 * at one step keeps no call from the steps behind it; of those at one step, the one that came first.
 */
export class Turns {
  private readonly waiting = new Map<string, { courses: Course[]; looked: number }>()

  add(course: Course): void {
    const { step, context } = course
    // Who was silent once or keyed something wrong is elsewhere in a step.
    const where = JSON.stringify([step, context.wrong])
    const found = this.waiting.get(where)
    if (found) found.courses.push(course)
    else this.waiting.set(where, { courses: [course], looked: 0 })
  }

  /** The call that is looked at next; undefined when there is none. */
  next(): Course | undefined {
    let best: { courses: Course[]; looked: number } | undefined
    for (const one of this.waiting.values())
      if (one.looked < one.courses.length && (best === undefined || one.looked < best.looked)) best = one
    return best?.courses[best.looked++]
  }
}
