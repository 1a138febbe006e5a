import { z } from 'zod'
import { mapping, stepName } from '../steps/fields.ts'
import { sourceOf, type Beside } from './beside.ts'
import { hotlineSchema } from './header.ts'
import { reportIssues } from './issues.ts'
import type { Source } from './parse.ts'
import { readSteps, type ReadSteps } from './steps.ts'
import type { Translations } from './translations.ts'

/** A file of steps that a flow calls, `identify.yaml` beside the hotline's; `start` as written, if it is right. */
export type CalledFile = ReadSteps & { start: string | undefined }

/** The fields of a file that is called. */
const calledSchema = mapping({
  start: stepName.describe('The first step.'),
  steps: z.record(z.string(), z.unknown(), {
    error: 'must be a mapping of steps; write { ask: { say: Hello, next: return } }',
  }).describe('The steps by name.'),
}, 'write start: and steps:')

/** Reads the files that the steps of a hotline call, and those that these call, each once; by their names. */
export function readCalledFiles(
  hotline: ReadSteps,
  beside: Beside,
  translations: Translations,
): Map<string, CalledFile> {
  const files = new Map<string, CalledFile>()
  const next: ReadSteps[] = [hotline]
  for (const steps of next)
    for (const { source, ways, at } of steps.list)
      for (const { to, back, path } of ways) {
        const isStep = to === undefined || steps.entries.has(to) || hotline.entries.has(to)
        const name = `${to}.yaml`
        if (back !== undefined && to !== undefined && isStep && beside.names.includes(name))
          source.report(at(path), 'name-twice', `both a step and the file ${name} are called "${to}", and the step is run`, {
            warning: true,
            suggestion: 'rename one of them',
          })
        if (back === undefined || isStep || files.has(to) || !beside.names.includes(name)) continue
        const file = readFile(sourceOf(beside, name), to, translations)
        files.set(to, file)
        next.push(file)
      }
  return files
}

function readFile(source: Source, name: string, translations: Translations): CalledFile {
  const start = readStart(source)
  const steps = readSteps(source, translations, name)
  return { ...steps, start, whole: steps.whole && start !== undefined }
}

/** What a file that is called says above its steps, which is where it begins, and no more. */
function readStart(source: Source): string | undefined {
  const { data } = source
  if (data === undefined) return undefined
  const isMapping = typeof data === 'object' && data !== null && !Array.isArray(data)
  const given = isMapping ? (data as Record<string, unknown>) : {}
  const right = Object.entries(given).filter(([field]) => {
    const ofHotline = Object.hasOwn(hotlineSchema.shape, field) && !Object.hasOwn(calledSchema.shape, field)
    if (ofHotline)
      source.report([field], 'unknown-field', `"${field}" is said in the hotline's own file`, {
        key: true,
        suggestion: 'remove it here: it holds for the files that are called, too',
      })
    return !ofHotline
  })
  const parsed = calledSchema.safeParse(isMapping ? Object.fromEntries(right) : data)
  if (!parsed.success)
    reportIssues(source, parsed.error, { schema: calledSchema, what: 'a file of steps', at: (path) => path })
  const start = stepName.safeParse(given.start)
  return start.success ? start.data : undefined
}
