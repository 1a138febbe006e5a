import type { Compiled } from '../../engine/language/compile.ts'
import type { Flow } from '../../engine/language/flow.ts'
import { stepInWords } from '../coverage.ts'
import { usualCaller, writtenTime, type Earlier, type Said } from '../conversation.ts'
import { writtenAt } from '../times.ts'
import { unplugged } from '../unplugged.ts'
import { scalar, written, writtenAnswers, writtenLeft, writtenTell } from '../written.ts'
import type { Course } from './course.ts'
import { idOf, type Mark } from './mark.ts'
import { search, type Found } from './search.ts'

/** A set of conversations that comes to every step and goes every way, as a file of tests, and what it leaves out. */
export type Walk = { text: string; tests: number; unreached: { mark: Mark; why: string }[] }

/** The first line of a file that may be written anew. */
export const walkMark = '# Written by "callwright test --walk"'

/** Has a search go every way of a hotline once. */
export function walk(hotline: Compiled, most?: number): Walk {
  const compiled = unplugged(hotline)
  const found = search(compiled, most)
  const unreached = found.missing
    .filter((mark, _, all) => isOwn(mark, all))
    .map((mark) => ({ mark, why: why(compiled.flow, mark, found) }))
  const tests = chosen(found).map(({ course, fresh }) =>
    test(toldToItsEnd(course), nameOf(compiled.flow, course, fresh), compiled.flow),
  )
  const head = [
    `${walkMark}, which writes it anew each time: conversations that go`,
    '# every way once. Tests of your own belong in tests.yaml.',
    ...unreached.map(({ mark, why }) => `# Not reached: ${inWords(mark)}: ${why}`),
  ]
  return { text: `${head.join('\n')}\n\n${tests.join('\n')}`, tests: tests.length, unreached }
}

/** A step's ways are not told one by one when nobody comes to the step. */
const isOwn = ({ step, way }: Mark, all: Mark[]): boolean =>
  way === undefined || !all.some((one) => one.step === step && one.way === undefined)

export const inWords = ({ step, way }: Mark): string =>
  way === undefined ? stepInWords(step) : `${stepInWords(step)}: ${way}`

/** The longest calls first, and of the others those that go where none before has gone. */
function chosen({ courses }: Found): { course: Course; fresh: Mark[] }[] {
  const known = new Set<string>()
  const order = [...new Set(courses.values())]
  return order
    .toSorted((a, b) => b.walked.length - a.walked.length)
    .flatMap((course) => {
      const fresh = course.walked.filter((mark) => !known.has(idOf(mark)) && known.add(idOf(mark)))
      return fresh.length > 0 ? [{ course, fresh }] : []
    })
    .toSorted((a, b) => order.indexOf(a.course) - order.indexOf(b.course))
}

/**
 * A call that waits for a backend, gone on to where it fails: a test hangs up behind its last line, and what is said
 * before a request would not come to its end.
 */
const toldToItsEnd = (course: Course): Course =>
  course.asking ? course.after({ answer: { status: 'failed', after: 0 } }) : course

/** `main: key 3, then otherwise`: the first and the last of the choices that only this call makes. */
function nameOf({ steps }: Flow, { walked }: Course, fresh: Mark[]): string {
  const ways = (marks: Mark[]): Mark[] => marks.filter(({ way }) => way !== undefined)
  const choices = (marks: Mark[]): Mark[] => ways(marks).filter(({ step }) => steps.get(step)!.ways.size > 1)
  const own = choices(fresh)
  const [first, last] =
    own.length > 0
      ? [own[0]!, own.at(-1)!]
      : [choices(walked).at(-1) ?? walked[0]!, ways(fresh).at(-1) ?? fresh.at(-1)!]
  if (idOf(first) === idOf(last)) return inWords(first)
  return `${inWords(first)}, then ${first.step === last.step && last.way !== undefined ? last.way : inWords(last)}`
}

function test({ world, lines, over, answers, inbox }: Course, name: string, { timezone }: Flow): string {
  const { caller, dials, before, at, switches } = world
  const call: Said[] = over ? lines : [...lines, { type: 'hangs-up' }]
  return [
    `- test: ${scalar(name)}`,
    `  at: ${writtenAt(at, timezone)}`,
    ...(caller === usualCaller ? [] : [`  caller: ${caller === '' ? 'withheld' : JSON.stringify(caller)}`]),
    ...(dials === undefined ? [] : [`  dials: ${JSON.stringify(dials)}`]),
    ...(switches === undefined ? [] : [`  switches: [${switches.join(', ')}]`]),
    ...(before.length === 0
      ? []
      : before.length === 1
        ? [`  before: ${earlier(before[0]!)}`]
        : ['  before:', ...before.map((one) => `    - ${earlier(one)}`)]),
    ...(inbox === 'failed' ? ['  inbox: failed'] : []),
    ...writtenAnswers(answers).map((line) => `  ${line}`),
    '  call:',
    ...call.flatMap((line) => [
      `    - ${written(line)}`,
      ...(line.type === 'queued' && line.tell ? [`      tell: ${writtenTell(line.tell)}`] : []),
      ...(line.type === 'left' ? writtenLeft(line.left).map((field) => `      ${field}`) : []),
    ]),
    '',
  ].join('\n')
}

function earlier({ ago, outcome, language, step }: Earlier): string {
  const more = Object.entries({ language, step }).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
  return `{ ${[`ago: ${writtenTime(ago)}`, `outcome: ${outcome}`, ...more].join(', ')} }`
}

function why({ steps }: Flow, { step, way }: Mark, { cut }: Found): string {
  const { kind, fields } = steps.get(step)!
  if (cut !== undefined) return `not found in ${cut} moves, the most that are tried`
  if (way === undefined) return 'no conversation comes to this step'
  const [, n] = /^branch (\d+)$/.exec(way) ?? []
  const cel = n === undefined ? undefined : (fields as { branch?: { if?: string }[] }).branch?.[Number(n) - 1]?.if
  if (cel !== undefined) return `no caller, time and answers were found for which ${cel.replaceAll(/\s+/g, ' ')}`
  if (way === 'timed-out') return 'the wait has no end'
  if (way.startsWith('share ')) return 'no caller was found who goes this way'
  if (kind.kind === 'request') return 'no call was found that comes here with what is asked'
  if (kind.kind === 'hours') return `no time was found at which it is ${way}`
  return 'no answers were found that lead to it'
}
