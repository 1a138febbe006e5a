import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { readHotlines } from '../../engine/hotlines.ts'
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

  it('knows every step kind, with a description of each kind and field', () => {
    const definitions = schema.definitions as Record<string, { description?: string; anyOf?: { description?: string }[] }>
    for (const { kind, summary } of stepKinds.values()) {
      const found = definitions[kind]!
      assert.equal(found.description ?? found.anyOf?.[0]?.description, summary, kind)
    }
  })

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
