import assert from 'node:assert/strict'
import { longestText, reading } from '../../engine/voice/reading.ts'

describe('a text as it is given to a voice', () => {
  const cases: [name: string, text: string, read: string][] = [
    ['stays as it is', 'Welcome to the hotline. Press 1!', 'Welcome to the hotline. Press 1!'],
    ['keeps every script', 'Grüße, 你好, привет, مرحبا', 'Grüße, 你好, привет, مرحبا'],
    ['keeps signs that are read aloud', '5 % & 3 + 4, key #', '5 % & 3 + 4, key #'],
    ['has no markup', '<speak><audio src="/etc/passwd"/>hi</speak>', 'speak audio src="/etc/passwd"/ hi /speak'],
    ['has no phonemes', "[[h@l'oU]] {x} |y| \\z", "h@l'oU x y z"],
    ['is never an option: it is text', '-f /etc/passwd', '-f /etc/passwd'],
    ['has no controls', 'a\u0000b\u0001c\r\nd\u001b[31me\u007f', 'a b c d 31me'],
    ['has no invisible signs', 'a\u200bb\u202ec\ufeffd\u{e0041}', 'abcd'],
    ['has no halves of signs', 'a\ud83d b\ude00', 'a b'],
    ['has no emoji', 'Hi 😀👨‍👩‍👧 🇩🇪 👍🏽 !', 'Hi !'],
    ['has words a voice can hold', 'x'.repeat(100), `${'x'.repeat(40)} ${'x'.repeat(40)} ${'x'.repeat(20)}`],
    ['is nothing when there is nothing to say', ' ... – 🎉 [] ', ''],
    ['is nothing when empty', '', ''],
    ['is put right for the ear', 'Tuesday, 24 November at 9:05 a.m.', 'Tuesday, 24th of November at 9 oh 5 a.m.'],
  ]
  for (const [name, text, read] of cases) {
    it(name, () => {
      const got = reading(text, 'en')
      assert.equal(got.text.replaceAll(/\u200d| (?=\u200d)/g, '').replace(/\s+/g, ' '), read)
      assert.equal(got.cut, false)
    })
  }

  it('is put right in its own language', () => {
    assert.equal(reading('am 24. Mai um 1 Uhr', 'de-AT').text, 'am vierundzwanzigsten Mai um ein Uhr')
    assert.equal(reading('am 24. Mai um 1 Uhr', 'fr').text, 'am 24. Mai um 1 Uhr')
  })

  it('ends with a whole sentence when it is too long', () => {
    const { text, cut } = reading('This is a sentence. '.repeat(100), 'en')
    assert.equal(cut, true)
    assert.ok(text.length <= longestText && text.length > longestText - 30)
    assert.match(text, /sentence\.$/)
  })

  it('else with a whole word, else anywhere', () => {
    assert.match(reading('word '.repeat(1000), 'en').text, /word$/)
    assert.ok(reading('好'.repeat(5000), 'zh').text.length <= longestText)
  })

  it('of a hundred million characters takes no time', () => {
    const begun = performance.now()
    assert.equal(reading('x y. '.repeat(2e7), 'en').cut, true)
    assert.ok(performance.now() - begun < 1000)
  })
})
