import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { readHotlines } from '../../engine/hotlines.ts'
import { manualOf } from '../../engine/language/manual.ts'
import { flowSchema } from '../../engine/language/schema.ts'
import { stepKinds } from '../../engine/steps/index.ts'

/** What an editor would say of a flow. */
describe('the schema for editors', () => {
  const schema = flowSchema()
  const fits = new Ajv({ strict: false, allErrors: false }).compile(schema)
  const inEditor = (text: string): boolean => fits(parse(text))

  for (const file of [...readHotlines('flows').map((one) => one.file), 'test/language/good.yaml', 'test/language/example.yaml'])
    it(`has nothing against ${file}`, () => {
      assert.ok(inEditor(readFileSync(file, 'utf8')), JSON.stringify(fits.errors?.slice(-3)))
    })

  it('has nothing against keys that are written as numbers', () => {
    const { menu } = schema.definitions as Record<string, { properties: Record<string, { propertyNames?: object }> }>
    // An editor takes `1:` for a number, though by JSON every name is a text.
    const { type, pattern } = menu!.properties.keys!.propertyNames as { type: string[]; pattern: string }
    assert.deepEqual([type, pattern], [['string', 'integer'], '^[0-9*#]$'])
  })

  it('explains each kind and each of its fields where it stands, with an example', () => {
    for (const kind of stepKinds.values()) {
      const found = (schema.definitions as Record<string, Step & { anyOf?: Step[] }>)[kind.kind]!
      const { markdownDescription, properties } = found.anyOf?.at(-1) ?? found
      assert.match(markdownDescription, /```yaml\n[^]+```$/, kind.kind)
      assert.ok(markdownDescription.startsWith(kind.summary), kind.kind)
      for (const step of manualOf(kind).steps) assert.ok(fits({ ...minimal, steps: { a: step } }), kind.kind)
      for (const [name, field] of Object.entries(properties)) assert.match(field.description, /\S/, `${kind.kind}: ${name}`)
    }
  })

  it('holds no link: it would lead nowhere from an editor', () => {
    assert.doesNotMatch(JSON.stringify(schema), /\]\([a-z.#]/)
  })

  type Step = { markdownDescription: string; properties: Record<string, { description: string }> }
  const minimal = { hotline: 'A', numbers: ['1'], start: 'a' }
  const head = 'hotline: A\nnumbers: ["1"]\nstart: a\nsteps:\n'
  const cases: [string, string, boolean][] = [
    ['a step as a word', '  a: hang-up\n', true],
    ['fields behind the kind', '  a: { menu: { say: Hi, keys: { 1: a }, wait: 5s } }\n', true],
    ['fields beside the kind', '  a: { collect: { say: Hi, digits: 4-10, into: n }, next: a }\n', true],
    ['a list', '  a: [{ say: Hi }, hang-up]\n', true],
    ['a misspelt field', '  a: { say: Hi, nxt: a }\n', false],
    ['a time without its unit', '  a: { menu: { say: Hi, keys: { 1: a }, wait: 5 } }\n', false],
    ['a key that no telephone has', '  a: { menu: { say: Hi, keys: { x: a } } }\n', false],
    ['a word that is no step', '  a: { sya: Hi }\n', false],
  ]
  for (const [name, steps, good] of cases) it(`${good ? 'takes' : 'refuses'} ${name}`, () => assert.equal(inEditor(head + steps), good, JSON.stringify(fits.errors?.slice(-2))))
})
