import assert from 'node:assert/strict'

export type Element = {
  name: string
  attributes: Record<string, string>
  children: Element[]
  /** All text in it. */ text: string
}

/** Reads XML as strictly as a browser: whatever is not well-formed is a failure. No comments, CDATA or instructions. */
export function readXml(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let at = 0
  for (const { 0: tag, 1: end, 2: name = '', 3: attributes = '', 4: empty, index } of source.matchAll(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    addText(open, source.slice(at, index))
    at = index + tag.length
    if (end) {
      assert.equal(open.pop()!.name, name)
      continue
    }
    const element: Element = { name, attributes: attributesOf(attributes), children: [], text: '' }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  assert.equal(source.slice(at).trim(), '')
  assert.equal(open.length, 1)
  assert.equal(root.children.length, 1)
  return root.children[0]!
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    assert.ok(!Object.hasOwn(found, name), `${name} twice`)
    found[name] = decoded(value)
  }
  return found
}

function addText(open: Element[], text: string): void {
  for (const element of open) element.text += decoded(text)
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

function decoded(text: string): string {
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[<\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\]\]>|\p{Surrogate}/u)
  return text.replaceAll(/&[^;]*;?/g, (entity) => {
    assert.ok(entities[entity], entity)
    return entities[entity]!
  })
}
