import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { reportIssues } from '../engine/language/issues.ts'
import { sameNumber, type Flow } from '../engine/language/flow.ts'
import { FlowError } from '../engine/language/mistakes.ts'
import { parseYaml, type Source } from '../engine/language/parse.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import type { Conversation } from './conversation.ts'
import { testSchema } from './fields.ts'
import { Names } from './names.ts'
import { Places } from './places.ts'
import { readBackends } from './read-backends.ts'
import { timeOf, usualTime } from './times.ts'
import { readTurn } from './turns.ts'

/** The tests in a file that could be read, and everything wrong with it, in its order. */
export type Tests = { file: string; conversations: Conversation[]; mistakes: FlowError[] }

/** The files with tests beside a hotline: `tests.yaml`, and others such as `tests.evening.yaml`. */
export function testFiles(hotlineFile: string): string[] {
  const folder = dirname(hotlineFile)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names
    .filter((name) => /^tests(\.[\w-]+)?\.yaml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** Reads a file of tests. What is named in them is looked for in the flow, when there is one. */
export const readTestFile = (file: string, flow: Flow | undefined): Tests =>
  readTests(readFileSync(file, 'utf8'), file, flow)

/** Reads the text of a file of tests. Every mistake is found at once; none of them throws. */
export function readTests(text: string, file: string, flow: Flow | undefined): Tests {
  const source = parseYaml(text, file)
  const { mistakes, data } = source
  const conversations: Conversation[] = []
  if (data !== undefined && !Array.isArray(data))
    source.report([], 'bad-value', 'a file of tests is a list', {
      suggestion: 'write - test: WHAT IS TESTED, and below it call:',
    })
  else if (data !== undefined) {
    const reading: Reading = {
      source,
      places: new Places(text, file),
      names: new Names(flow),
      zone: flow?.timezone ?? 'UTC',
      flow,
    }
    const taken = new Map<string, number>()
    for (const [i, raw] of data.entries()) {
      const before = mistakes.length
      const conversation = readTest(reading, i, raw, taken)
      if (conversation && mistakes.length === before) conversations.push(conversation)
    }
  }
  mistakes.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  return { file, conversations, mistakes: mistakes.map(forTests) }
}

type Reading = { source: Source; places: Places; names: Names; zone: string; flow: Flow | undefined }

function readTest(reading: Reading, i: number, raw: unknown, taken: Map<string, number>): Conversation | undefined {
  const { source, places } = reading
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return void source.report([i], 'bad-value', 'this is not a test', {
      suggestion: 'write - test: WHAT IS TESTED, and below it call:',
    })
  const fields = raw as Record<string, unknown>
  const parsed = testSchema.safeParse(fields)
  if (!parsed.success) {
    reportIssues(source, parsed.error, { schema: testSchema, what: 'a test', at: (path) => [i, ...path] })
  }
  // A mistake in one field does not hide those in the lines of the conversation.
  const call = (Array.isArray(fields.call) ? fields.call : []).flatMap((turn, n) => {
    const path = [i, 'call', n]
    const said = readTurn(reading, path, turn)
    return said ? [{ ...said, place: () => places.at(path) }] : []
  })
  const backends = readBackends(reading, [i, 'backends'], fields.backends)
  if (!parsed.success) return undefined
  const { test, before = [] } = parsed.data
  if (taken.has(test))
    source.report([i, 'test'], 'bad-value', `two tests are called "${test.slice(0, 60)}"`, {
      suggestion: 'say what is different in this one',
    })
  taken.set(test, i)
  const caller = callerOf(reading, i, parsed.data)
  return {
    test,
    caller,
    before,
    backends,
    inbox: parsed.data.inbox,
    call,
    at: readAt(reading, i, parsed.data.at),
    dials: readDials(reading, i, parsed.data.dials),
    switches: readSwitches(reading, i, parsed.data.switches),
    place: () => places.at([i]),
  }
}

function readAt({ source, zone }: Reading, i: number, at: string | undefined): number {
  const time = timeOf(at ?? usualTime, zone)
  if (typeof time === 'number') return time
  source.report([i, 'at'], 'bad-value', time.wrong, { suggestion: time.suggestion })
  return 0
}

function readDials({ source, flow }: Reading, i: number, dials: string | undefined): string | undefined {
  const numbers = flow?.numbers ?? []
  if (dials !== undefined && numbers.length > 0 && !numbers.some((one) => sameNumber(one, dials)))
    source.report([i, 'dials'], 'bad-value', `this hotline does not answer ${dials}`, {
      suggestion: didYouMean(dials, numbers),
    })
  return dials
}

function readSwitches({ source, flow }: Reading, i: number, on: string[] | undefined): string[] | undefined {
  const names = Object.keys(flow?.switches ?? {})
  for (const [n, name] of (on ?? []).entries())
    if (flow && !names.includes(name))
      source.report([i, 'switches', n], 'bad-value', `this hotline has no switch "${name}"`, {
        suggestion: didYouMean(name, names, names.length === 0 ? 'leave it out' : undefined),
      })
  return on
}

function callerOf(
  { source, flow }: Reading,
  i: number,
  { caller, before = [] }: z.output<typeof testSchema>,
): string | undefined {
  const number = caller === 'withheld' ? '' : caller
  if (number === '' && before.length > 0)
    source.report([i, 'before'], 'bad-value', 'of a caller who withholds the number no earlier calls are known', {
      key: true,
      suggestion: 'give the caller a number',
    })
  for (const [n, { language }] of before.entries())
    if (language !== undefined && flow && !flow.languages.includes(language))
      source.report(languagePath(source, i, n), 'unknown-language', `the hotline does not speak "${language}"`, {
        suggestion: didYouMean(language, flow.languages),
      })
  return number
}

const languagePath = (source: Source, i: number, n: number): (string | number)[] =>
  source.has([i, 'before', 'language']) ? [i, 'before', 'language'] : [i, 'before', n, 'language']

/** What is said of YAML itself is said of flows; a file of tests is another thing. */
function forTests(mistake: FlowError): FlowError {
  const words = (text: string): string => rewordings.reduce((all, [flow, tests]) => all.replace(flow, tests), text)
  const detail = words(mistake.detail)
  const suggestion = mistake.suggestion === undefined ? undefined : words(mistake.suggestion)
  if (detail === mistake.detail && suggestion === mistake.suggestion) return mistake
  const { code, place, warning, line } = mistake
  return new FlowError({ code, place, warning, line, detail, suggestion })
}

const rewordings = [
  [/^flows do not use/, 'tests do not use'],
  ['write "hotline: NAME" in the first line', 'write - test: WHAT IS TESTED, and below it call:'],
  ['split it into several hotlines', 'split it: tests.evening.yaml beside it is read as well'],
  ['put part of it in a step of its own', 'write each line of the conversation as - hears: ... or - presses: ...'],
] as const
