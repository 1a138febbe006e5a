import assert from 'node:assert/strict'
import { onlyValue, parseTemplate } from '../../engine/expressions/template.ts'

describe('placeholders', () => {
  const pieces = (text: string) =>
    parseTemplate(text).pieces.map((piece) =>
      'words' in piece ? piece.words : [piece.value, piece.way, piece.at, piece.wayAt],
    )
  const table: [text: string, pieces: unknown[]][] = [
    ['Hello.', ['Hello.']],
    ['', []],
    ['{{ a }}', [['a', undefined, 3, undefined]]],
    ['It is {{ a | digits }}.', ['It is ', ['a', 'digits', 9, 13], '.']],
    [
      '{{a|digits}}{{b}}',
      [
        ['a', 'digits', 2, 4],
        ['b', undefined, 14, undefined],
      ],
    ],
    ['{{ a || b }}', [['a || b', undefined, 3, undefined]]],
    ['{{ a || b | time }}', [['a || b', 'time', 3, 12]]],
    ['{{ "a|b}}" }}', [['"a|b}}"', undefined, 3, undefined]]],
    ["{{ 'it\\'s}}' | date }}", [["'it\\'s}}'", 'date', 3, 15]]],
    ['{{ }}', [['', undefined, 3, undefined]]],
    ['{ a } | b', ['{ a } | b']],
  ]
  for (const [text, want] of table) it(text || 'an empty text', () => assert.deepEqual(pieces(text), want))

  it('mistakes have their place', () => {
    const at = (text: string) => parseTemplate(text).mistakes.map(({ at: place, detail }) => [place, detail])
    assert.deepEqual(at('It is {{ a'), [[6, '"{{" is never closed']])
    assert.deepEqual(at('It is a }} b'), [[8, '"}}" without "{{"']])
    assert.deepEqual(at('{{ "a }}'), [[0, '"{{" is never closed']])
  })

  it('nothing but one value keeps its type', () => {
    assert.equal(onlyValue('{{ n + 1 }}'), 'n + 1')
    assert.equal(onlyValue('  {{ n }} '), 'n')
    for (const text of ['{{ n }}.', '{{ a }}{{ b }}', '{{ n | digits }}', 'n', ''])
      assert.equal(onlyValue(text), undefined, text)
  })
})
