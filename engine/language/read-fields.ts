import type { FieldPath, Parts, StepKind, Way } from '../steps/step.ts'
import { insteadIn } from './foreign.ts'
import { isSurplus, reportIssues } from './issues.ts'
import { isWithin, mended } from './mended.ts'
import type { Path, Source } from './parse.ts'
import { textPath } from './text-path.ts'
import { withText, type Translations } from './translations.ts'

/** The fields of a step as they stand in the file, and what the kind is called in messages. */
export type Given = {
  source: Source; name: string; path: Path; kind: StepKind
  at(field: FieldPath): Path
  /** The names of the fields where they stand, when they are others than those of the schema. */
  names?: readonly string[] | undefined
}

/** What a kind has made of the fields. `broken`: some hold mistakes, and the others are to be checked all the same. */
export type Fields = { fields: unknown; parts: Parts; ways: Way[]; broken: boolean }

/** Reads the fields of a step with their translations, and reports what is wrong with them. */
export function readFields(given: Given, raw: object, translations: Translations): Fields | undefined {
  const { source, kind, at, names } = given
  const instead = (name: string, path: Path) =>
    insteadIn(kind.kind, name, source.valueAt([...at(path as FieldPath), name]), path)
  const of = { schema: kind.schema, what: kind.kind, at: (path: Path) => at(path as FieldPath), instead, names }
  let right = raw
  let parsed = kind.schema.safeParse(raw)
  const broken = !parsed.success
  let filled: Path[] = []
  if (!parsed.success) {
    reportIssues(source, parsed.error, of)
    const { error } = parsed
    ;({ data: right, filled } = mended(kind.schema, raw, error))
    parsed = kind.schema.safeParse(right)
    // What does not fit together shows only when each field by itself is right.
    if (!parsed.success && isSurplus(error)) reportIssues(source, parsed.error, of)
  }
  if (!parsed.success) return undefined
  const isWritten = ({ path }: { path: FieldPath }): boolean => !filled.some((one) => isWithin(path, one))
  for (const { path, text, in: only } of (kind.parts(parsed.data).texts ?? []).filter(isWritten)) {
    const both = only === undefined ? translations.of(textPath(given, path), text, source, at(path)) : text
    if (both !== text) right = withText(right, path, both) as object
  }
  const fields = right === raw ? parsed.data : kind.schema.parse(right)
  const parts = kind.parts(fields)
  if (filled.length === 0) return { fields, parts, ways: kind.ways(fields), broken }
  const written = Object.entries(parts).map(([name, all]) => [
    name,
    all.filter((one: unknown) => typeof one === 'string' || isWritten(one as { path: FieldPath })),
  ])
  const ways = kind.ways(fields).map((way) => (isWritten(way) ? way : { ...way, to: undefined }))
  return { fields, parts: Object.fromEntries(written) as Parts, ways, broken }
}
