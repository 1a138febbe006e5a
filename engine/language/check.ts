import type { FlowError } from './mistakes.ts'
import type { Flow } from './flow.ts'
import { checkAnswers } from './answers.ts'
import { compileFlow, type Compiled } from './compile.ts'
import { checkExpressions, expressionsOf } from './check-expressions.ts'
import { readHeader } from './header.ts'
import { checkManners } from './manners.ts'
import { parseYaml } from './parse.ts'
import { readSteps } from './steps.ts'
import { checkTexts } from './check-texts.ts'
import { checkWays, resolveWays } from './ways.ts'

/** What came of a flow's text: the flow when it may go live, and every mistake and warning in file order. */
export type Checked = { flow?: Flow; compiled?: Compiled; mistakes: FlowError[] }

/** What the checker must know beside the file. */
export type CheckOptions = {
  /** The hotline's name: that of its folder. */
  name: string
  /** The file as it is called in messages. */
  file: string
  /** Settings that a flow may read as `env.NAME`. */
  env?: Record<string, string>
}

/** Reads and checks the text of a flow. Every mistake is found at once; none of them throws. */
export function checkFlow(text: string, options: CheckOptions): Checked {
  const source = parseYaml(text, options.file)
  const { mistakes } = source
  if (source.data === undefined) return { mistakes }
  const header = readHeader(source)
  const steps = readSteps(source)
  const ways = resolveWays(source, header, steps)
  const secrets = new Set(
    steps.list.flatMap(({ parts }) => (parts.sets ?? []).filter((set) => set.secret).map((set) => set.name)),
  )
  const env = options.env ?? {}
  const expressions = expressionsOf(steps, header, env)
  checkExpressions(source, header, steps, expressions, secrets)
  checkTexts(source, header, steps)
  checkWays(source, steps, ways)
  const [language, ...languages] = header.languages
  if (mistakes.some((m) => !m.warning) || language === undefined || ways.start === undefined)
    return { mistakes: inFileOrder(mistakes) }
  const flow: Flow = {
    name: options.name,
    title: header.title,
    numbers: header.numbers,
    languages: [language, ...languages],
    timezone: header.timezone,
    currency: header.currency,
    hours: header.hours,
    queues: header.queues,
    backends: header.backends,
    input: header.input,
    start: ways.start,
    steps: new Map(steps.list.map((step) => [step.name, { ...step, ways: ways.map.get(step.name) ?? new Map() }])),
    expressions,
    secrets,
    env,
  }
  // How long things take is read from what will run.
  const compiled = compileFlow(flow)
  checkAnswers(source, steps, ways, expressions)
  checkManners(source, steps, compiled, header.toAPerson)
  return { mistakes: inFileOrder(mistakes), ...(mistakes.some((m) => !m.warning) ? {} : { flow, compiled }) }
}

const inFileOrder = (mistakes: FlowError[]): FlowError[] =>
  mistakes.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
