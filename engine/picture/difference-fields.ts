import type { z } from 'zod'
import type { FieldPath, StepKind } from '../steps/step.ts'
import type { Step } from '../language/flow.ts'
import { digits, time } from './happened.ts'

type Fields = Record<string, unknown>

/** What changed in a step beside its texts and its ways. */
export function fieldChanges(old: Step, now: Step): string[] {
  const [a, b] = [otherFields(old), otherFields(now)]
  return [...new Set([...Object.keys(b), ...Object.keys(a)])].flatMap((field) => {
    if (JSON.stringify(a[field]) === JSON.stringify(b[field])) return []
    const [was, is] = [shown(now.kind, field, a[field]), shown(now.kind, field, b[field])]
    return [phrases[field]?.(is, was) ?? `${field}: ${is} instead of ${was}`]
  })
}

const phrases: Record<string, (now: string, old: string) => string> = {
  wait: (now, old) => `the caller now has ${now} for the first key instead of ${old}`,
  'between-keys': (now, old) => `the caller now has ${now} between two keys instead of ${old}`,
  tries: (now, old) => `the caller is now asked ${now} times at most instead of ${old}`,
  digits: (now, old) => `the caller now keys in ${now} instead of ${old}`,
  into: (now, old) => `the answer is now kept as ${now} instead of ${old}`,
  end: (now, old) => `the entry now ends with ${now} instead of ${old}`,
  check: (now, old) => `the entry now fits if ${now} instead of ${old}`,
  secret: (now) => (now === 'yes' ? 'the answer is now secret' : 'the answer is no longer secret'),
  'barge-in': (now, old) => `a key cuts the prompt short: ${now} instead of ${old}`,
  queue: (now, old) => `the caller now waits in the queue ${now} instead of ${old}`,
  'max-wait': (now, old) => `the caller now waits for ${now} at most instead of ${old}`,
  tell: (now, old) => `the agent now sees ${now} instead of ${old}`,
  transfer: (now, old) => `the call is now transferred to ${now} instead of ${old}`,
  ring: (now, old) => `it now rings for ${now} instead of ${old}`,
  outcome: (now, old) => `the outcome is now ${now} instead of ${old}`,
  hours: (now, old) => `the opening hours are now ${now} instead of ${old}`,
}

/** The fields of a step without its texts, the names of steps, and the conditions of ways. */
function otherFields({ kind, fields, parts }: Step): Fields {
  const rest = flat(fields as Fields)
  const ways = kind.ways(fields as never)
  for (const { path } of [...(parts.texts ?? []), ...ways]) remove(rest, path)
  for (const { path } of ways) if (path.at(-1) === 'go') remove(rest, [...path.slice(0, -1), 'if'])
  return rest
}

/** Each entry of a mapping or a list as a field of its own: `set matter`, `keys 1 set`. */
function flat(fields: Fields): Fields {
  const rest: Fields = {}
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (isMapping(value) && !('least' in value))
      for (const [name, part] of Object.entries(value)) rest[id([field, name])] = part
    else if (!Array.isArray(value) || !value.every(isMapping)) rest[field] = value
    else
      for (const [i, entry] of value.entries())
        for (const [name, part] of Object.entries(entry))
          if (name !== 'key') rest[id([field, String(entry.key ?? i), name])] = part
  }
  return rest
}

const isMapping = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const id = (path: FieldPath): string => path.join(' ')

/** Takes out what stands at a path and below it; of a text among several the whole list. */
function remove(fields: Fields, path: FieldPath): void {
  const gone = id(path)
  for (const field of Object.keys(fields)) if (field === gone || field.startsWith(`${gone} `)) delete fields[field]
  if (path.length > 1 && typeof path[1] === 'number') delete fields[String(path[0])]
}

function shown(kind: StepKind, field: string, value: unknown): string {
  if (value === undefined) return 'the default'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return isTime(kind, field) ? time(value) : String(value)
  if (isMapping(value) && typeof value.least === 'number' && typeof value.most === 'number')
    return digits(value as { least: number; most: number })
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(String).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a field is a time: it takes one with its unit. */
function isTime(kind: StepKind, field: string): boolean {
  const shape = (kind.schema as unknown as z.ZodObject).shape as Record<string, z.ZodType> | undefined
  return shape?.[field]?.safeParse('5s').data === 5000
}
