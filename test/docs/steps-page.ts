import { manualOf, type FieldManual, type Manual } from '../../engine/language/manual.ts'
import { inputFields } from '../../engine/steps/fields.ts'
import type { StepKind } from '../../engine/steps/step.ts'

/** The reference of every step kind, from what the kinds say of themselves. */
export function stepsPage(kinds: Iterable<StepKind>): string {
  const all = [...kinds]
  return [
    '<!-- Written from the files in engine/steps/ by UPDATE=1 npm test -- book -->\n\n# Every step',
    'What each kind of step does, which fields it has, and by which ways a call leaves it.',
    table(['step', 'what it does'], all.map(({ kind, summary }) => [`[${kind}](#${kind})`, summary])),
    'A way on is a field that names the step that comes then, or `hang-up`.',
    ...all.map(section),
  ].join('\n\n')
}

function section(kind: StepKind): string {
  const manual = manualOf(kind)
  const shape = (kind.schema as unknown as { shape: Record<string, unknown> }).shape
  const isInput = ({ name, way }: FieldManual): boolean => !way && shape[name] === inputFields[name as never]
  return [
    `## ${kind.kind}`,
    kind.summary,
    ...(manual.text === '' ? [] : [manual.text]),
    ...(kind.valueName === undefined ? [] : [`Or all fields behind it: \`${kind.kind}: { ${kind.valueName}: ..., ... }\`.`]),
    ...tables(manual, isInput),
    ...manual.examples.map((text) => `\`\`\`yaml steps\n${text}\`\`\``),
  ].join('\n\n')
}

function tables({ fields }: Manual, isInput: (field: FieldManual) => boolean): string[] {
  const own = fields.filter((field) => !field.way && !isInput(field))
  const shared = fields.filter(isInput).map(({ name }) => `\`${name}\``)
  const see = ['', 'see [how keys are collected](keys.md#the-fields)', '']
  return [
    table(fieldColumns, [...own.map(fieldRow), ...(shared.length > 0 ? [[shared.join(', '), ...see]] : [])]),
    ...own.filter(({ entries }) => entries.length > 0).flatMap(({ name, entries }) => [
      `Of each of \`${name}\`:`,
      table(fieldColumns, entries.map(fieldRow)),
    ]),
    ...(fields.some(({ way }) => way) ? [table(wayColumns, fields.filter(({ way }) => way).map(wayRow))] : []),
  ]
}

const fieldColumns = ['field', 'written', 'what it says', 'when left out']
const wayColumns = ['way on', 'what it says', 'when left out']

const wayRow = ({ name, says, needed, leftOut = '' }: FieldManual): string[] => [
  `\`${name}\``,
  says.replace(/\.$/, ''),
  needed ? 'must be given' : leftOut,
]

function fieldRow(field: FieldManual): string[] {
  const [name = '', ...rest] = wayRow(field)
  return [name, field.written, ...rest]
}

/** The fields that every step asking for keys has, as a table. */
export const inputTable = (kind: StepKind): string =>
  table(fieldColumns, manualOf(kind).fields.filter(({ name }) => name in inputFields).map(fieldRow))

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `|${cells.map((cell) => ` ${cell} `.replaceAll('|', '\\|')).join('|')}|`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n').replaceAll('|  |', '| |')
}
