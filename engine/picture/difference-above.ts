import type { Hours } from '../hours.ts'
import { sameNumber, type Flow } from '../language/flow.ts'
import { baseName } from '../language/step-names.ts'
import { time } from './happened.ts'
import { textChanges } from './difference-texts.ts'

/** What changed above the steps. `nameOf`: what a step of the old flow is called now. */
export function aboveTheSteps(old: Flow, now: Flow, nameOf: (name: string) => string): string[] {
  return [
    changed(old.title, now.title, (is, was) => `The hotline is now called "${is}" instead of "${was}".`),
    added(old.numbers, now.numbers, sameNumber, (numbers) => `It now also answers ${numbers}.`),
    added(now.numbers, old.numbers, sameNumber, (numbers) => `It no longer answers ${numbers}.`),
    added(old.languages, now.languages, same, (tags) => `It now also speaks ${tags}.`),
    added(now.languages, old.languages, same, (tags) => `It no longer speaks ${tags}.`),
    changed(old.languages[0], now.languages[0], (is, was) => `A call now begins in ${is} instead of ${was}.`),
    changed(old.timezone, now.timezone, (is, was) => `Its clocks are now those of ${is} instead of ${was}.`),
    changed(
      old.currency,
      now.currency,
      (is, was) => `Amounts that name no currency are now in ${is ?? 'none'} instead of ${was ?? 'none'}.`,
    ),
    nameOf(baseName(old.start)) === baseName(now.start)
      ? ''
      : `A call now begins at \`${baseName(now.start)}\` instead of \`${baseName(old.start)}\`.`,
    changed(
      old.input.wait,
      now.input.wait,
      (is, was) =>
        `Unless a step says otherwise, the caller now has ${time(is)} for the first key instead of ${time(was)}.`,
    ),
    changed(
      old.input.betweenKeys,
      now.input.betweenKeys,
      (is, was) =>
        `Unless a step says otherwise, the caller now has ${time(is)} between two keys instead of ${time(was)}.`,
    ),
    changed(
      old.input.tries,
      now.input.tries,
      (is, was) => `Unless a step says otherwise, the caller is now asked ${is} times at most instead of ${was}.`,
    ),
    ...named(old.hours, now.hours, 'opening hours', hourChanges),
    ...named(old.switches, now.switches, 'switch', (a, b, name) => [
      ...(a.for === b.for ? [] : [`The switch \`${name}\` is now shown as "${b.for}" instead of "${a.for}".`]),
      ...(a.starts === b.starts ? [] : [`The switch \`${name}\` now starts ${b.starts} instead of ${a.starts}.`]),
    ]),
    ...named(old.queues, now.queues, 'queue', (a, b, name) =>
      textChanges(
        a.said,
        b.said,
        old.languages.filter((tag) => now.languages.includes(tag)),
      ).map((change) => `The people of the queue \`${name}\` are now called ${change}.`),
    ),
  ].filter((line) => line !== '')
}

const same = (a: string, b: string): boolean => a === b

const changed = <T>(old: T, now: T, words: (is: T, was: T) => string): string => (old === now ? '' : words(now, old))

function added(
  old: string[],
  now: string[],
  equal: (a: string, b: string) => boolean,
  words: (list: string) => string,
): string {
  const more = now.filter((one) => !old.some((other) => equal(one, other)))
  return more.length === 0 ? '' : words(more.join(', '))
}

function named<T>(
  old: Record<string, T>,
  now: Record<string, T>,
  what: string,
  compare: (a: T, b: T, name: string) => string[],
): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(old)])].flatMap((name) => {
    const [a, b] = [Object.hasOwn(old, name) ? old[name] : undefined, Object.hasOwn(now, name) ? now[name] : undefined]
    if (a === undefined) return [`New ${what}: \`${name}\`.`]
    return b === undefined ? [`Gone: the ${what} \`${name}\`.`] : compare(a, b, name)
  })
}

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function hourChanges(old: Hours, now: Hours, name: string): string[] {
  const changes = new Map<string, string[]>()
  const note = (day: string, a: string, b: string): void => {
    if (a !== b) changes.set(`${b} instead of ${a}`, [...(changes.get(`${b} instead of ${a}`) ?? []), day])
  }
  for (const [i, day] of dayNames.entries()) note(day, times(old.week[i] ?? []), times(now.week[i] ?? []))
  for (const date of [...new Set([...Object.keys(old.except), ...Object.keys(now.except)])].sort()) {
    const shown = ({ except }: Hours): string => (except[date] === undefined ? 'as on other days' : times(except[date]))
    note(date, shown(old), shown(now))
  }
  const holidays =
    (old.holidays ?? '') === (now.holidays ?? '')
      ? []
      : [
          `The opening hours \`${name}\` now keep the holidays of ${now.holidays ?? 'no region'} ` +
            `instead of ${old.holidays ?? 'no region'}.`,
        ]
  return [
    ...[...changes].map(([change, days]) => `The opening hours \`${name}\` on ${days.join(', ')}: ${change}.`),
    ...holidays,
  ]
}

const times = (spans: { from: number; to: number }[]): string =>
  spans.length === 0 ? 'closed' : spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ')

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60) % (minutes > 1440 ? 24 : 25), minutes % 60].map((n) => String(n).padStart(2, '0')).join(':')
