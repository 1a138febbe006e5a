import { parseTemplate } from '../engine/expressions/template.ts'
import type { Flow } from '../engine/language/flow.ts'
import { ownName } from '../engine/language/step-names.ts'

/** What stands in the place of a secret. */
const mask = '•'

/** What a step sends to a backend as it may be shown: what it puts together from a secret answer is masked. */
export function withoutSecrets(flow: Flow, step: string, json: unknown): unknown {
  if (flow.secrets.size === 0) return json
  const found = [...flow.steps.values()].find(({ name }) => ownName(name) === step)
  return masked((found?.fields as { json?: unknown } | undefined)?.json, json, (text) => tells(flow, text))
}

function masked(template: unknown, value: unknown, isSecret: (text: string) => boolean): unknown {
  if (typeof template === 'string') return isSecret(template) ? mask : value
  if (typeof template !== 'object' || template === null || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one, i) => masked((template as unknown[])[i], one, isSecret))
  const written = template as Record<string, unknown>
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, masked(written[name], one, isSecret)]))
}

const tells = ({ expressions, secrets }: Flow, text: string): boolean =>
  parseTemplate(text).pieces.some(
    (piece) => 'value' in piece && [...expressions.names(piece.value)].some((name) => secrets.has(name)),
  )
