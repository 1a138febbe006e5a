import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`)
/** Everything that people read: paths from the root. */
export const files = ['README.md', 'CHANGELOG.md', ...inDocs.filter((file) => file.endsWith('.md'))].sort()
/** The pages of the author's book. */
export const book = files.filter((file) => file.startsWith('docs/authors/'))

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

/** A block between two lines of ```: the word behind the first, and more words behind that. */
export type Block = { file: string; line: number; language: string; words: string[]; text: string }

export function blocksOf(file: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [i, row] of textOf(file).split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(row)
    if (fence && open) {
      blocks.push(open)
      open = undefined
    } else if (fence) {
      const [language = '', ...words] = fence[1]!.trim().split(/\s+/)
      open = { file, line: i + 1, language, words, text: '' }
    } else if (open) open.text += `${row}\n`
  }
  assert.equal(open, undefined, `${file}: a block is never closed`)
  return blocks
}

export const withoutBlocks = (file: string): string => textOf(file).replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '')

/** The sections under `##`, by title: their lines and their text. */
export function sectionsOf(file: string): Map<string, { from: number; to: number; text: string }> {
  const rows = textOf(file).split('\n')
  const starts = rows.flatMap((row, i) => (row.startsWith('## ') ? [i] : []))
  return new Map(starts.map((start, n) => {
    const to = starts[n + 1] ?? rows.length
    return [rows[start]!.slice(3), { from: start + 1, to: to + 1, text: rows.slice(start, to).join('\n') }]
  }))
}

/** The anchors that headings have on GitHub. */
export function anchorsOf(file: string): string[] {
  const titles = [...withoutBlocks(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!.toLowerCase())
  return titles.map((title) => title.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}
