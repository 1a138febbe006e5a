import { createHash } from 'node:crypto'
import type { FlowError } from './mistakes.ts'
import type { Flow } from './flow.ts'
import { checkAnswers } from './answers.ts'
import { nothingBeside, recordedIn, type Beside } from './beside.ts'
import { readCalledFiles } from './called-files.ts'
import { inlineCalls } from './calls.ts'
import { compileFlow, type Compiled } from './compile.ts'
import { checkExpressions, expressionsOf } from './check-expressions.ts'
import { readHeader } from './header.ts'
import { openDefaults } from './loops.ts'
import { checkManners } from './manners.ts'
import { parseYaml, type Source } from './parse.ts'
import { checkRecordings } from './recordings.ts'
import { readSteps, type ReadSteps } from './steps.ts'
import { checkTexts } from './check-texts.ts'
import { Translations, translated, type NamedText } from './translations.ts'
import { checkWays, resolveWays, type Files } from './ways.ts'

/** What came of a flow's text: the flow when it may go live, and every mistake and warning in file order. */
export type Checked = {
  flow?: Flow
  compiled?: Compiled
  mistakes: FlowError[]
  /** The languages of the flow and its texts by name, as far as they could be read. */
  languages: string[]
  texts: NamedText[]
}

/** What the checker must know beside the file. */
export type CheckOptions = {
  /** The hotline's name: that of its folder. */
  name: string
  /** The file as it is called in messages. */
  file: string
  /** Settings that a flow may read as `env.NAME`. */
  env?: Record<string, string>
  /** The files that its steps may call, and its translations. */
  beside?: Beside
}

/** Reads and checks the text of a flow. Every mistake is found at once; none of them throws. */
export function checkFlow(text: string, options: CheckOptions): Checked {
  const source = parseYaml(text, options.file)
  if (source.data === undefined) return { mistakes: source.mistakes, languages: [], texts: [] }
  const beside = options.beside ?? nothingBeside
  const above = readHeader(source)
  const translations = new Translations(beside, above.languages)
  const header = translated(above, source, translations)
  const files = readFiles(source, beside, translations)
  const steps = together(files)
  const run = inlineCalls(steps.list, resolveWays(header, files))
  openDefaults(run)
  const secrets = new Set(
    steps.list.flatMap(({ parts }) => (parts.sets ?? []).filter((set) => set.secret).map((set) => set.name)),
  )
  const env = options.env ?? {}
  const expressions = expressionsOf(steps, header, env)
  checkExpressions(source, header, steps, expressions, secrets)
  checkTexts(source, header, steps, translations)
  checkWays(steps.list, run)
  translations.reportUnused(steps.unread)
  const read = { languages: header.languages, texts: translations.texts }
  const sources = [source, ...[...files.called.values()].map((file) => file.source), ...translations.sources]
  const found = (): FlowError[] => sources.flatMap(({ mistakes }) => inFileOrder(mistakes))
  const [language, ...languages] = header.languages
  // Whoever writes a flow need not have the admin's settings to see the rest checked.
  if (found().some((m) => !m.warning && m.code !== 'unknown-setting') || language === undefined || run.start === undefined)
    return { mistakes: found(), ...read }
  const flow: Flow = {
    hash: hashOf(text, beside, env),
    name: options.name,
    title: header.title,
    numbers: header.numbers,
    languages: [language, ...languages],
    timezone: header.timezone,
    currency: header.currency,
    hours: header.hours,
    switches: header.switches,
    queues: header.queues,
    backends: header.backends,
    input: header.input,
    start: run.start,
    steps: new Map(run.list.map((step) => [step.name, { ...step, ways: run.map.get(step.name) ?? new Map() }])),
    expressions,
    secrets,
    recordings: recordedIn(beside),
    voices: header.voices,
    env,
  }
  // How long things take is read from what will run.
  const compiled = compileFlow(flow)
  checkAnswers(run, expressions)
  checkManners(source, run.list, compiled, header.toAPerson)
  const mistakes = [...found(), ...checkRecordings(compiled, beside, translations.texts)]
  return { mistakes, ...read, ...(mistakes.some((m) => !m.warning) ? {} : { flow, compiled }) }
}

function readFiles(source: Source, beside: Beside, translations: Translations): Files {
  const hotline = readSteps(source, translations)
  const callable = beside.names.flatMap((name) => /^([a-z][a-z0-9-]*)\.yaml$/.exec(name)?.[1] ?? [])
  return { hotline, called: readCalledFiles(hotline, beside, translations), callable }
}

/** The steps of all files, for what is looked at step by step. */
function together({ hotline, called }: Files): ReadSteps {
  const all = [hotline, ...called.values()]
  return {
    ...hotline,
    list: all.flatMap(({ list }) => list),
    alsoSet: new Set(all.flatMap(({ alsoSet }) => [...alsoSet])),
    unread: new Set(all.flatMap(({ unread }) => [...unread])),
    whole: all.every(({ whole }) => whole),
    unnamed: all.some(({ unnamed }) => unnamed),
  }
}

/** The same for the same texts and settings, on every machine. */
function hashOf(text: string, beside: Beside, env: Record<string, string>): string {
  const files = beside.names.toSorted().map((name) => [name, beside.text(name)])
  const settings = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const recordings = (beside.recordings ?? []).map(({ language, name, hash }) => `${language}/${name} ${hash}`).toSorted()
  return createHash('sha256').update(JSON.stringify([text, files, settings, recordings])).digest('hex').slice(0, 32)
}

const inFileOrder = (mistakes: FlowError[]): FlowError[] =>
  mistakes.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
