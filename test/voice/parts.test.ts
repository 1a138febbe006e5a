import assert from 'node:assert/strict'
import { inParts } from '../../engine/voice/kinds/parts.ts'

describe('a text in parts', () => {
  const cases: [what: string, text: string, longest: number, parts: string[]][] = [
    ['stays whole when it is short', 'One. Two.', 20, ['One. Two.']],
    ['is nothing when empty', '  ', 20, []],
    ['is parted behind sentences', 'One two three. Four five six. Seven.', 20, ['One two three.', 'Four five six.', 'Seven.']],
    ['has as many sentences in a part as fit', 'One. Two. Three. Four. Five.', 16, ['One. Two. Three.', 'Four. Five.']],
    ['else behind clauses', 'One two three, four five six seven', 20, ['One two three,', 'four five six seven']],
    ['else between words', 'one two three four five six', 12, ['one two', 'three four', 'five six']],
    ['rather between words than after very little', 'Oh. One two three four five six', 20, ['Oh. One two three', 'four five six']],
    ['cuts a word only when it is too long', 'abcdefghijkl', 5, ['abcde', 'fghij', 'kl']],
    ['never cuts a sign in two', 'ab😀cd', 3, ['ab', '😀c', 'd']],
    ['can be as long as allowed', 'abcde fghij', 5, ['abcde', 'fghij']],
  ]
  for (const [what, text, longest, parts] of cases) {
    it(what, () => assert.deepEqual(inParts(text, longest).map((part) => part.text), parts))
  }

  it('says what each part ends with', () => {
    assert.deepEqual(inParts('One two three. Four five, six seven eight nine', 15).map(({ end }) => end), ['sentence', 'clause', 'word', 'sentence'])
  })
})
