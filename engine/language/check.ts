import type { FlowError } from './mistakes.ts'
import type { Flow } from './flow.ts'
import { checkExpressions, expressionsOf } from './check-expressions.ts'
import { readHeader } from './header.ts'
import { parseYaml } from './parse.ts'
import { readSteps } from './steps.ts'
import { checkTexts } from './check-texts.ts'
import { checkWays, resolveWays } from './ways.ts'

/** What came of a flow's text: the flow when it may go live, and every mistake and warning in file order. */
export type Checked = { flow?: Flow; mistakes: FlowError[] }

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
  const mistakes = [...source.errors]
  if (source.data === undefined) return { mistakes }
  const header = readHeader(source, mistakes)
  const steps = readSteps(source, mistakes)
  const wayMap = resolveWays(source, header, steps, mistakes)
  const secrets = new Set(steps.flatMap((step) => (step.parts.sets ?? []).filter((set) => set.secret).map((set) => set.name)))
  const env = options.env ?? {}
  const expressions = expressionsOf(steps, header, env)
  checkExpressions({ source, steps, header, expressions, secrets, mistakes })
  checkTexts({ source, steps, header, mistakes })
  checkWays({ source, header, steps, wayMap, mistakes })
  mistakes.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
  if (mistakes.some((m) => !m.warning) || header.languages.length === 0) return { mistakes }
  return {
    mistakes,
    flow: {
      name: options.name,
      title: header.title,
      numbers: header.numbers,
      languages: header.languages as [string, ...string[]],
      timezone: header.timezone,
      hours: header.hours,
      queues: header.queues,
      input: header.input,
      start: header.start!,
      steps: new Map(steps.map((step) => [step.name, { ...step, kind: step.kind, ways: wayMap.get(step.name) ?? new Map() }])),
      expressions,
      secrets,
      env,
    },
  }
}
