import type { z } from 'zod'
import { namesInOrder, writtenOrder } from '../order.ts'
import { causes } from './issues.ts'
import type { Path } from './parse.ts'

/** Data that its schema takes, and the paths at which something stands there that nobody has written. */
export type Mended = { data: object; filled: Path[] }

/** One of these fits any field of a step. */
const fillers: unknown[] = [
  'hang-up', 'x', 4, '5s', '1-5', 'a/b', true,
  ['x'], [{ go: 'hang-up' }], { 1: { for: 'x', go: 'hang-up' } }, { x: 'x' },
]
/** More mistakes than this are no step in which the rest could be checked. */
const most = 30

/**
 * The fields of a step without what its schema found wrong in them, so that all others can be checked all the same:
 * what is unknown is left out, and what is wrong or missing is something that fits.
 */
export function mended(schema: z.ZodType, raw: object, error: z.ZodError): Mended {
  const issues = error.issues.flatMap(causes)
  let data = raw
  for (const issue of issues)
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) data = put(data, [...issue.path, key], undefined)
  const filled: Path[] = []
  const wrong = issues.filter(({ code, path }) => code !== 'unrecognized_keys' && path.length > 0)
  for (const { path } of wrong.slice(0, most)) {
    if (filled.some((one) => isWithin(path, one))) continue
    const filler = fillers.find((one) => fits(schema, put(data, path, one), path))
    data = put(data, path, filler)
    if (filler !== undefined) filled.push(path)
  }
  return { data, filled }
}

/** Whether a path is another one, or leads further. */
export const isWithin = (path: Path, within: Path): boolean =>
  within.every((part, n) => String(path[n]) === String(part))

function fits(schema: z.ZodType, data: object, at: Path): boolean {
  const { success, error } = schema.safeParse(data)
  return success || !error.issues.flatMap(causes).some(({ path }) => isWithin(path, at))
}

/** Data with another value at a path; undefined leaves out what stands there. What leads nowhere stays as it is. */
function put<T>(data: T, [part, ...rest]: Path, value: unknown): T {
  if (typeof data !== 'object' || data === null || part === undefined) return data
  const of = data as Record<PropertyKey, unknown>
  const inner = rest.length === 0 ? value : put(of[part], rest, value)
  if (Array.isArray(data)) return data.map((one: unknown, i) => (i === part ? inner : one)) as T
  const { [part]: _, ...others } = of
  if (inner === undefined) return writtenOrder(others, namesInOrder(data).filter((name) => name !== part)) as T
  return writtenOrder({ ...of, [part]: inner }, [...namesInOrder(data), String(part)]) as T
}
