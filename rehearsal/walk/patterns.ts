/*
 * Texts that a regular expression matches, for entries that a flow checks with `matches`. Read are literals, classes,
 * groups, alternatives, counts and anchors of RE2's syntax; of anything else no text is made.
 */

type Node =
  | { type: 'one-of'; signs: string[] }
  | { type: 'all'; parts: Node[] }
  | { type: 'either'; parts: Node[] }
  | { type: 'times'; part: Node; least: number; most: number }

/** What can be keyed, or stands in a number, first. */
const letters = 'abcdefghijklmnopqrstuvwxyz'
const alphabet = [...'0123456789+*#', ...letters, ...letters.toUpperCase(), ...' -_./']
const digits = [...'0123456789']
const classes: Record<string, string[]> = {
  d: digits,
  w: alphabet.filter((sign) => /\w/.test(sign)),
  s: [' '],
  D: alphabet.filter((sign) => /\D/.test(sign)),
  W: alphabet.filter((sign) => /\W/.test(sign)),
  S: alphabet.filter((sign) => sign !== ' '),
}
/** Choices that are made alike throughout a text: the first of everything, the second, ... */
const variants = 12
/** How much further than the least a count goes. */
const further = [0, 1, 2, 4, 8]

/** Texts that the expression matches, different in each choice, the plainest first; none when it is not read. */
export function textsFor(pattern: string): string[] {
  let node: Node
  try {
    node = new Reader(pattern).all()
  } catch {
    return []
  }
  const chosen = (n: number): string[] => further.map((more) => textOf(node, n, more))
  return [...new Set(Array.from({ length: variants }, (_, n) => chosen(n)).flat())]
}

function textOf(node: Node, n: number, more: number): string {
  switch (node.type) {
    case 'one-of':
      return node.signs[n % node.signs.length] ?? ''
    case 'all':
      return node.parts.map((part) => textOf(part, n, more)).join('')
    case 'either':
      return textOf(node.parts[n % node.parts.length]!, Math.floor(n / node.parts.length), more)
    case 'times':
      return textOf(node.part, n, more).repeat(Math.min(node.least + more, node.most, 60))
  }
}

class Reader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  all(): Node {
    const node = this.either()
    if (this.at < this.text.length) throw new Error('unread')
    return node
  }

  private either(): Node {
    const parts = [this.sequence()]
    while (this.takes('|')) parts.push(this.sequence())
    return parts.length === 1 ? parts[0]! : { type: 'either', parts }
  }

  private sequence(): Node {
    const parts: Node[] = []
    while (this.at < this.text.length && !/[|)]/.test(this.text[this.at]!))
      if (!this.takes('^') && !this.takes('$')) parts.push(this.counted(this.one()))
    return { type: 'all', parts }
  }

  private one(): Node {
    if (this.takes('(')) {
      if (this.takes('?') && !this.takes(':')) throw new Error('unread')
      const node = this.either()
      this.must(')')
      return node
    }
    if (this.takes('[')) return this.oneOf()
    if (this.takes('.')) return { type: 'one-of', signs: alphabet }
    return { type: 'one-of', signs: this.sign() }
  }

  private counted(part: Node): Node {
    const [count = '', least, most = least] = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/.exec(this.text.slice(this.at)) ?? []
    this.at += count.length
    if (count === '') return part
    if (least !== undefined)
      return { type: 'times', part, least: Number(least), most: most === '' ? Infinity : Number(most) }
    return { type: 'times', part, least: count.startsWith('+') ? 1 : 0, most: count.startsWith('?') ? 1 : Infinity }
  }

  private oneOf(): Node {
    const not = this.takes('^')
    const found = new Set<string>()
    do {
      const [first, ...others] = this.sign()
      if (others.length === 0 && this.text[this.at] === '-' && this.text[this.at + 1] !== ']') {
        this.at++
        const [last] = this.sign()
        for (const sign of alphabet) if (sign >= first! && sign <= last!) found.add(sign)
      } else for (const sign of [first!, ...others]) found.add(sign)
    } while (!this.takes(']'))
    const signs = alphabet.filter((sign) => found.has(sign) !== not)
    return { type: 'one-of', signs: signs.length > 0 ? signs : [...found] }
  }

  /** One sign as it stands, or those of a class. */
  private sign(): string[] {
    const sign = this.text[this.at++]
    if (sign === undefined) throw new Error('unread')
    if (sign !== '\\') return [sign]
    const name = this.text[this.at++]
    if (name === undefined || (/[A-Za-z0-9]/.test(name) && !(name in classes))) throw new Error('unread')
    return classes[name] ?? [name]
  }

  private takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  private must(sign: string): void {
    if (!this.takes(sign)) throw new Error('unread')
  }
}
