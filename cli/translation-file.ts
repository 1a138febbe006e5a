import { isMap, isScalar, parseDocument } from 'yaml'

/** A text that is to be translated. */
export type Wanted = { name: string; original: string }

/**
 * A file of translations with all these texts in it: those that it lacks are added, empty, behind the one that comes
 * before them in the flow. Nothing else in the file changes. `empty`: how many are still to be written.
 */
export function withTexts(file: string, wanted: Wanted[]): { text: string; added: number; empty: number } {
  const { ends, empty } = textsIn(file)
  const end = file.length
  const blocks = new Map<number, string>()
  const missing = wanted.filter(({ name }) => !ends.has(name))
  let at = end
  for (const { name, original } of wanted) {
    const known = ends.get(name)
    if (known === undefined) blocks.set(at, (blocks.get(at) ?? '') + blockOf(name, original))
    else at = known
  }
  let text = ''
  let from = 0
  for (const [to, block] of [...blocks].sort(([a], [b]) => a - b)) {
    text += file.slice(from, to)
    if (text !== '' && !text.endsWith('\n')) text += '\n'
    text += block
    from = to
  }
  const stillEmpty = wanted.filter(({ name }) => empty.has(name)).length
  return { text: text + file.slice(from), added: missing.length, empty: stillEmpty + missing.length }
}

/** Where the line ends in which each text ends, and the names of texts without words. */
function textsIn(file: string): { ends: Map<string, number>; empty: Set<string> } {
  const { contents } = parseDocument(file, { uniqueKeys: false })
  if (isMap(contents) && contents.flow) throw new Error('write the translations without { }, each on a line of its own')
  const ends = new Map<string, number>()
  const empty = new Set<string>()
  for (const { key, value } of isMap(contents) ? contents.items : []) {
    if (!isScalar(key)) continue
    const name = String(key.value)
    const last = (isScalar(value) && value.range?.[1]) || key.range?.[1] || 0
    const line = file.indexOf('\n', last - 1)
    ends.set(name, line < 0 ? file.length : line + 1)
    if (!isScalar(value) || value.value === null || value.value === '') empty.add(name)
  }
  return { ends, empty }
}

const blockOf = (name: string, original: string): string =>
  `\n${original.trimEnd().split('\n').map((row) => `# ${row}`).join('\n')}\n${name}:\n`
