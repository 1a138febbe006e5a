import { isMap, isNode, isScalar, parseDocument, visit, type Document, type Node, type Pair, type YAMLMap } from 'yaml'
import * as odd from './odd.ts'
import type { Random } from './random.ts'

/** Changes a file; `others` are files to take parts from. */
export type Mutation = (text: string, random: Random, others: readonly string[]) => string

/** The ways in which files are spoilt, by what is changed. */
export const mutations: Record<string, Mutation> = { bytes, lines, signs, fields, values, depth, tricks, splices }

/** As a program reads a file: what is no UTF-8 becomes U+FFFD. */
function bytes(text: string, random: Random): string {
  const all = Buffer.from(text)
  const at = random.upTo(all.length + 1)
  const put = (...inside: number[]): Buffer =>
    Buffer.concat([all.subarray(0, at), Buffer.from(inside), all.subarray(at)])
  const changed = [
    () => (at < all.length ? (all.writeUInt8(all[at]! ^ (1 << random.upTo(8)), at), all) : all),
    () => put(random.upTo(256)),
    () => Buffer.concat([all.subarray(0, at), all.subarray(at + 1 + random.upTo(40))]),
    () => all.subarray(0, at),
    () => all.subarray(at),
    () => put(random.of([0xff, 0xc3, 0xe2, 0x80, 0xc0])),
    () => put(0),
    () => put(...Array.from({ length: 8 }, () => random.upTo(32))),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), all]),
    () => Buffer.from(text, random.of(['utf16le', 'latin1'])),
  ]
  return random.of(changed)().toString('utf8')
}

const lineStarts = ['- ', 'say: ', 'next: ', '? ', '# ', '', '}', ']', '---', '...']

function lines(text: string, random: Random): string {
  const all = text.split('\n')
  const at = random.upTo(all.length)
  const other = random.upTo(all.length)
  const line = all[at]!
  const indent = line.length - line.trimStart().length
  switch (random.upTo(8)) {
    case 0:
      all.splice(at, 1 + random.upTo(3))
      break
    case 1:
      all.splice(other, 0, line)
      break
    case 2:
      ;[all[at], all[other]] = [all[other]!, line]
      break
    case 3:
      all[at] = ' '.repeat(random.upTo(12)) + line.trimStart()
      break
    case 4:
      all[at] = line.slice(0, random.upTo(indent + 1)) + random.of(['\t', '\t\t', ' \t']) + line.trimStart()
      break
    case 5:
      all.splice(at, 2, `${line}${all[at + 1]?.trimStart() ?? ''}`)
      break
    case 6:
      return text.replaceAll('\n', random.of(['\r\n', '\r', '\n\n', '\u2028', ' \n']))
    default:
      all.splice(at, 0, `${' '.repeat(indent)}${random.of(lineStarts)}${odd.text(random)}`)
  }
  return all.join('\n')
}

const allSigns = [
  ...' \t\n\r:{}[]"\'#-&*!|>%@`,.=?~$\\/0Za19ä👍\0\u00a0\u2028',
  '{{', '}}', ': ', '- ', ' #', '\n  ', '"', "'",
]

/** The slips of a hand: one sign put in, left out, or another. */
function signs(text: string, random: Random): string {
  const at = random.upTo(text.length + 1)
  return text.slice(0, at) + (random.upTo(3) === 0 ? '' : random.of(allSigns)) + text.slice(at + random.upTo(2))
}

/** Changes what a file says and not how it is written. What cannot be parsed is left to the others. */
function inside(text: string, change: (pairs: Pair[], doc: Document) => void): string {
  try {
    const doc = parseDocument(text, { uniqueKeys: false, schema: 'core', merge: false })
    const pairs: Pair[] = []
    visit(doc, { Pair: (_, pair) => void pairs.push(pair) })
    if (doc.errors.length > 0 || pairs.length === 0) return text
    change(pairs, doc)
    return doc.toString({ lineWidth: 0 })
  } catch {
    // Too deep for the parser, or an alias has lost what it stands for.
    return text
  }
}

/** One may lie within the other. */
const copyOf = (value: unknown): unknown => (isNode(value) ? value.clone() : value)

const itemsOf = (pair: Pair): Pair[] => (isMap(pair.value) ? (pair.value as YAMLMap).items : [])

function fields(text: string, random: Random): string {
  return inside(text, (pairs, doc) => {
    const one = random.of(pairs)
    const other = random.of(pairs)
    switch (random.upTo(7)) {
      case 0:
        one.key = doc.createNode(slip(String(one.key), random))
        break
      case 1:
        one.key = doc.createNode(String(other.key))
        break
      case 2:
        one.key = doc.createNode(random.of(odd.names))
        break
      case 3:
        ;[one.value, other.value] = [copyOf(other.value), copyOf(one.value)]
        break
      case 4:
        one.value = doc.createNode(random.of(odd.values))
        break
      case 5:
        itemsOf(one).splice(random.upTo(9), 1)
        break
      default:
        itemsOf(one).splice(random.upTo(4), 0, other.clone())
    }
  })
}

/** A word with one letter too many, too few, or two of them swapped. */
function slip(word: string, random: Random): string {
  const at = random.upTo(word.length)
  const swapped = word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
  const [less, more] = [word.slice(0, at) + word.slice(at + 1), `${word.slice(0, at)}e${word.slice(at)}`]
  return random.of([less, more, swapped, word.toUpperCase(), word.replaceAll('-', '_')])
}

function values(text: string, random: Random): string {
  return inside(text, (pairs, doc) => {
    const plain = pairs.filter(({ value }) => isScalar(value))
    if (plain.length > 0) random.of(plain).value = doc.createNode(odd.text(random))
  })
}

const nests = [
  ['[', ']'], ['{ a: ', ' }'], ['{{', '}}'], ['"', '"'],
  ...['- ', '? ', '&a ', '!a ', 'a: '].map((open) => [open, '']),
] as [open: string, close: string][]

function depth(text: string, random: Random): string {
  const levels = random.of([2, 10, 22, 30, 90, 500, 5000])
  if (random.upTo(2) === 0) {
    const at = text.indexOf(':', random.upTo(text.length)) + 1
    const [open, close] = random.of(nests)
    const closed = random.upTo(2) === 0 ? close.repeat(levels) : ''
    return `${text.slice(0, at)} ${open.repeat(levels)}x${closed}\n${text.slice(at)}`
  }
  return inside(text, (pairs, doc) => {
    const one = random.of(pairs)
    const wrap = random.of<(value: unknown) => unknown>([
      (value) => [value],
      (value) => ({ a: value }),
      (value) => [{ say: value }],
    ])
    let value = one.value as unknown
    for (let n = 0; n < Math.min(levels, 90); n++) value = wrap(value)
    one.value = doc.createNode(value, { aliasDuplicateObjects: false }) as Node
  })
}

const marks = [
  '&a ', '*a ', '*a\n#', '! ', '!!str ',
   '!!binary ', '!!js/function ', '!<tag:x> ', '!!set ', '!!timestamp ',
]
const oddLines = [
  '<<: *a', '<<: { say: x }', '<<: [{ a: 1 }, { b: 2 }]', '"<<": 1',
  'x: &a { say: x }', 'y: *a', '? [a, b]\n: x', '? { a: b }\n: x',
]
const beginnings = [
  '%YAML 1.1\n---\n', '%YAML 9.9\n---\n', '%TAG ! tag:x:\n---\n',
  '--- |\n', '--- >\n', '---\n', '# \0\n',
]

/** What YAML offers beside names and values. */
function tricks(text: string, random: Random): string {
  const found = [...text.matchAll(/^( *)(?:- )?[\w-]+: (?=\S)/gm)]
  const at = random.of(found)
  if (!at) return `&a [*a, *b]\n${text}`
  const [name, indent = ''] = at
  const before = text.slice(0, at.index + name.length)
  const after = text.slice(at.index + name.length)
  const line = (words: string): string => `${text.slice(0, at.index)}${indent}${words}\n${text.slice(at.index)}`
  switch (random.upTo(6)) {
    case 0:
      return `${before}${random.of(marks)}${after}`
    case 1:
      return line(random.of(oddLines))
    case 2:
      return line(`${random.of(odd.names.slice(0, 12))}: ${random.of(['x', '{ say: x }', '[x]', '{ __proto__: {} }'])}`)
    case 3:
      return line(`${name.trim()} ${random.of(['x', '"1"', '{}', ''])}`)
    case 4:
      return `${random.of(beginnings)}${text}`
    default:
      return `${text}\nz: &z [${'*z, '.repeat(random.of([1, 100, 5000]))}]\n${random.of(['', '---\na: b\n', '...\n'])}`
  }
}

/** The beginning of one file and the end of another, or lines of one within the other. */
function splices(text: string, random: Random, others: readonly string[]): string {
  const ours = text.split('\n')
  const theirs = random.of(others).split('\n')
  const [from, at, cut] = [random.upTo(theirs.length), random.upTo(ours.length), random.upTo(ours.length)]
  switch (random.upTo(3)) {
    case 0:
      return [...ours.slice(0, at), ...theirs.slice(from)].join('\n')
    case 1:
      return [...ours.slice(0, at), ...theirs.slice(from, from + 1 + random.upTo(30)), ...ours.slice(at)].join('\n')
    default: {
      // The head of one, the steps of the other, and some of its own steps.
      const steps = (all: string[]): number => all.findIndex((line) => line.startsWith('steps:')) + 1
      const rest = ours.slice(Math.max(cut, steps(ours)))
      return [...ours.slice(0, steps(ours)), ...theirs.slice(steps(theirs)), ...rest].join('\n')
    }
  }
}
