import type { Said } from '../conversation.ts'
import { answersFor } from './answers.ts'
import type { Course, Move } from './course.ts'
import { literals, type Predicates } from './predicates.ts'

/** Entries that are tried for one question. */
const mostEntries = 40

/** What can be done when a call waits for something. */
export function movesOf(course: Course, predicates: Predicates): Move[] {
  if (course.asking) return answersFor(course, predicates).map((answer) => ({ answer }))
  if (course.keeping !== undefined) return [{ inbox: undefined }, { inbox: 'failed' }]
  if (course.recording) return recordingMoves(course.recording, course.untilNext ?? 0)
  if (course.away) return awayMoves(course)
  const step = course.compiled.flow.steps.get(course.step)
  const silence = course.untilNext === undefined ? [] : [waits(course.untilNext)]
  if (step?.kind.role === 'takes') return takingMoves(step.kind.kind, silence)
  if (step?.kind.role !== 'asks') return [silence].filter((move) => move.length > 0)
  const fields = step.fields as {
    keys?: { key: string }[]
    digits?: { least: number; most: number }
    end?: string
    into?: string
  }
  const { wrong } = course.context
  if (fields.digits) {
    const { least } = fields.digits
    const between = betweenKeys(course, least)
    // Whoever has failed once fails again, each time in another way, until all tries are spent.
    if (wrong.last === 'silence') return [between, silence].filter((move) => move.length > 0).slice(0, 1)
    if (wrong.last !== undefined) return [silence]
    return [...entries({ ...fields, digits: fields.digits }, predicates), silence, ...lingering(course, predicates)]
  }
  if (fields.keys) {
    const keys = fields.keys.map(({ key }) => key)
    const other = [...'9876543210*#'].find((key) => !keys.includes(key))
    if (wrong.last === 'silence' && other !== undefined) return [[presses(other)]]
    if (wrong.last !== undefined) return [silence]
    return [...keys.map((key) => [presses(key)]), silence, ...lingering(course, predicates)]
  }
  return [...everyKey, silence]
}

const presses = (keys: string): Said => ({ type: 'presses', keys })
const everyKey = [...'1234567890*#'].map((key) => [presses(key)])
const waits = (ms: number): Said => ({ type: 'waits', ms })
const talk: Said[] = [
  { type: 'agent', does: 'answers' },
  { type: 'agent', does: 'hangs-up' },
]

/** Where conditions ask how long a call has lasted, a caller takes their time. */
function lingering({ untilNext = 0 }: Course, { seconds }: Predicates): Said[][] {
  return seconds.length > 0 && untilNext > 2000 ? [[waits(untilNext - 1000)]] : []
}

const recordingMoves = ({ end, longest }: { end: string; longest: number }, silence: number): Move[] => [
  [{ type: 'speaks', ms: Math.min(5000, longest / 2) }, presses(end)],
  [waits(silence)],
  [{ type: 'failed' }],
]

/** Steps of their own questions: one key, or a telephone number where one is asked for. */
const takingMoves = (kind: string, silence: Said[]): Move[] =>
  [...everyKey, ...(kind === 'callback' ? [[presses('0255509876#')]] : []), silence]

function awayMoves({ away, untilNext }: Course): Said[][] {
  if (away?.type === 'transferred') return [talk, [{ type: 'busy' }], [{ type: 'no-answer' }], [{ type: 'failed' }]]
  return [
    talk,
    ...(untilNext === undefined ? [] : [[waits(untilNext)]]),
    [{ type: 'nobody-there' }],
    [{ type: 'failed' }],
  ]
}

/** Too few digits, then silence. */
function betweenKeys(course: Course, least: number): Said[] {
  if (least < 2) return []
  const keyed = course.after([presses('1234567890'.repeat(7).slice(0, least - 1))])
  return keyed.untilNext === undefined
    ? []
    : [presses('1234567890'.repeat(7).slice(0, least - 1)), waits(keyed.untilNext)]
}

/** Entries of the right length, made of what conditions compare answers with; the usual ones first. */
function entries(
  {
    digits: { least, most },
    end = '#',
    into = '',
  }: { digits: { least: number; most: number }; end?: string; into?: string },
  predicates: Predicates,
): Said[][] {
  const { texts: conditions } = predicates
  const about = conditions.filter((text) => text.includes(into))
  const { texts, numbers } = literals(about.length > 0 ? about : conditions)
  const padded = (digits: string): string[] => [digits.padEnd(least, '0'), digits.padStart(least, '0')]
  const found = [
    '1234567890'.repeat(7).slice(0, least),
    ...predicates.textsFor(into).filter((text) => /^\d+$/.test(text)).flatMap(padded),
    ...texts
      .map((text) => text.replaceAll(/\D/g, ''))
      .filter((text) => text !== '')
      .flatMap(padded),
    ...numbers
      .flatMap((n) => [n, n + 1, n - 1])
      .filter((n) => n >= 0)
      .map(Math.trunc)
      .map(String)
      .flatMap(padded),
    '0'.repeat(least),
    '9'.repeat(least),
    ...(most > least ? ['1234567890'.repeat(7).slice(0, least + 1), '1234567890'.repeat(7).slice(0, most)] : []),
  ]
  return [...new Set(found)]
    .filter((one) => one.length >= least && one.length <= most)
    .slice(0, mostEntries)
    .map((one) => [presses(one.length < most ? one + end : one)])
}
