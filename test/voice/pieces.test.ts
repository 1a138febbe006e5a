import assert from 'node:assert/strict'
import type { PromptPart, PromptPiece } from '../../engine/call/effects.ts'
import { languages, packFor, type Moment, type Way } from '../../engine/saying/index.ts'
import { piecesNeeded, stitched, stretchesOf } from '../../engine/voice/pieces.ts'

type Given = string | [Way | '', string] | { text: string; recording: string }
const part = (language: string, ...given: Given[]): PromptPart => {
  const pieces = given.map((one): PromptPiece =>
    typeof one === 'string' ? { text: one } : Array.isArray(one) ? { text: one[1], way: one[0] } : one,
  )
  return { language, text: pieces.map(({ text }) => text).join(' '), pieces }
}
const recorded = (text: string): Given => ({ text, recording: `the recording of "${text}"` })
const everything = () => true
const nothing = () => false

/** `Your code is, ~40~ two, six.`: what is spoken by itself, and the pauses; `*` is a recording. */
function shown(one: PromptPart, quick: boolean, there: (part: PromptPart) => boolean = everything): string {
  const stretches = stretchesOf(one, { quick, there })
  if (!stretches) return 'as a whole'
  return stretches
    .map(({ part: { text, recording }, pause }, i) => `${i === 0 ? '' : pause > 0 ? ` ~${pause}~ ` : ' '}${recording ? '*' : ''}${text}`)
    .join('')
}

describe('a text with values, put together', () => {
  const cases: [string, PromptPart, string][] = [
    ['digits, the last one as at the end', part('en', 'Your postcode is', ['digits', '2 6 0 0']), 'Your postcode is, ~40~ two, six, zero, zero.'],
    ['groups of digits apart', part('en', 'Your number is', ['digits', '4 7 1, 1 2']), 'Your number is, ~40~ four, seven, one, ~90~ one, two.'],
    ['a value within a sentence', part('en', 'There are', ['number', '7'], 'people before you.'), 'There are, ~40~ seven, ~40~ people before you.'],
    ['a full stop behind a value', part('en', 'It is', ['time', '9:30 a.m.'], '. Goodbye.'), 'It is, ~40~ nine, thirty, a.m. ~200~ Goodbye.'],
    ['a comma behind a value', part('en', 'On', ['date', 'Tuesday, 24 November'], ', at', ['time', '9 p.m.']), 'On, ~40~ Tuesday, ~90~ 24th of, November, ~90~ at, ~40~ nine, p.m.'],
    ['money', part('en', 'It costs', ['money', '12 dollars and 50 cents']), 'It costs, ~40~ twelve, dollars and, fifty, cents.'],
    ['German: the ending that the words before ask for', part('de', 'Ihr Termin ist am', ['date', 'Dienstag, 24. November'], 'um', ['time', '9 Uhr 30']), 'Ihr Termin ist am, ~40~ Dienstag, ~90~ vierundzwanzigsten, November, ~40~ um, ~40~ 9 Uhr, dreißig.'],
    ['German: a day by itself', part('de', 'Ihr Termin:', ['date', 'Dienstag, 1. Mai']), 'Ihr Termin: ~90~ Dienstag, ~90~ erster, Mai.'],
    ['German: a time in the dative', part('de', 'Wir rufen in', ['duration', '3 Tage und eine Stunde'], 'an.'), 'Wir rufen in, ~40~ drei, Tagen, und, einer, Stunde, ~40~ an.'],
    ['German: one of something', part('de', 'Das kostet', ['number', '1'], 'Euro.'), 'Das kostet, ~40~ ein, ~40~ Euro.'],
    ['French', part('fr', 'Le', ['date', 'mardi 1er mars'], 'à', ['time', '21 heures 30']), 'Le, ~40~ mardi, premier, mars, ~40~ à, ~40~ vingt et une heures, trente.'],
    ['a name', part('en', 'Hello', ['words', 'Lee'], ', your code is', ['digits', '4 7']), 'as a whole'],
    ['a value with no way of saying', part('en', 'Your code is', ['', '47']), 'as a whole'],
    ['a currency that is not among the words', part('en', 'It costs', ['money', '12.5 Swedish kronor']), 'as a whole'],
    ['a number that is too long', part('en', 'It is', ['number', '12345678']), 'as a whole'],
    ['what is no date', part('en', 'It is on', ['date', "'; rm -rf / <speak> $(id)"]), 'as a whole'],
    ['100,000 characters', part('en', 'It is on', ['date', '1, '.repeat(33_333)]), 'as a whole'],
    ['recorded words around a name', part('en', recorded('Hello'), ['words', 'Lee'], recorded(', you have'), ['digits', '4 7']), '*Hello, ~40~ Lee, ~90~ *you have, ~40~ four, seven.'],
    ['some of the words recorded', part('en', recorded('Your code is'), ['digits', '4'], 'and no other.'), '*Your code is, ~40~ four, ~40~ and no other.'],
  ]
  for (const [name, one, wanted] of cases) it(`${name}: ${wanted.slice(0, 60)}`, () => assert.equal(shown(one, false), wanted))

  it('a quick voice speaks it as a whole, but for values between recorded words', () => {
    assert.equal(shown(part('en', 'Your code is', ['digits', '4 7']), true), 'as a whole')
    assert.match(shown(part('en', recorded('Your code is'), ['digits', '4 7']), true), /^\*Your code is, ~40~ 4 7\.$/)
  })

  it('is spoken as a whole as long as one word is missing', () => {
    const one = part('en', 'Your code is', ['digits', '4 7'])
    assert.equal(shown(one, false, nothing), 'as a whole')
    assert.equal(shown(one, false, ({ text }) => text !== 'seven.'), 'as a whole')
    assert.equal(shown(one, false, ({ text }) => text !== 'Your code is,'), 'as a whole')
    assert.match(shown(part('en', recorded('Your code is'), ['digits', '4 7']), false, nothing), /~40~ 4 7\.$/)
  })
})

describe('the words that must be there before a call', () => {
  const when: Moment = { now: Date.parse('2026-11-23T10:00:00Z'), zone: 'UTC' }
  const pad = (n: number): string => String(n).padStart(2, '0')
  /** Spread over all values, the same each time. */
  const many = Array.from({ length: 400 }, (_, n) => (n * 7919 + 13) % 100_003)
  const values: Partial<Record<Way, (n: number) => unknown>> = {
    digits: (n) => (n % 3 === 0 ? `+61${n}` : String(n)),
    number: (n) => (n % 2 === 0 ? n * 9 : n / 100),
    money: (n) => ({ amount: n % 2 === 0 ? n * 9 : n / 100, currency: n % 5 === 0 ? 'AUD' : 'EUR' }),
    date: (n) => `${1900 + (n % 200)}-${pad(1 + (n % 12))}-${pad(1 + (n % 28))}`,
    time: (n) => `${n % 24}:${pad(n % 60)}`,
    duration: (n) => n % 86_400,
    spell: (n) => `KÜ-${n.toString(36)}`,
  }
  for (const language of languages)
    for (const [way, value] of Object.entries(values)) {
      it(`${language} ${way}: are enough for ${many.length} other values`, () => {
        for (const [before, after] of [['Am', 'und'], ['Le', '.'], ['It is', '']]) {
          const given = (said: string): PromptPart => part(language, before!, [way as Way, said], ...(after ? [after] : []))
          const needed = new Set(piecesNeeded(given('0'), false).map(({ text }) => text))
          const said = many.flatMap((n) => packFor(language)![way as Way](value(n), when) ?? [])
          assert.ok(said.length > 380)
          const missing = said.filter((text) => !stretchesOf(given(text), { quick: false, there: (one) => needed.has(one.text) }))
          assert.deepEqual(missing, [])
          assert.ok(needed.size < 320, `${needed.size} are many`)
        }
      })
    }

  it('are none for a quick voice, but for recordings; and none for names', () => {
    assert.deepEqual(piecesNeeded(part('en', 'Your code is', ['digits', '0']), true), [])
    assert.equal(piecesNeeded(part('en', recorded('Your code is'), ['digits', '0']), true).length, 1)
    assert.deepEqual(piecesNeeded(part('en', 'Hello', ['words', '0']), false).map(({ text }) => text), ['Hello,'])
  })
})

describe('sounds put one behind the other', () => {
  it('have no step at a seam, and just the pause between', () => {
    const loud = new Int16Array(800).fill(12_000)
    const whole = stitched([{ samples: loud, pause: 40 }, { samples: loud, pause: 40 }, { samples: loud, pause: 0 }])
    assert.equal(whole.length, 2400 + 320)
    const steps = Array.from(whole, (sample, n) => Math.abs(sample - (whole[n - 1] ?? 0)))
    assert.ok(Math.max(...steps) <= 12_000 / 32, `a step of ${Math.max(...steps)}`)
    assert.deepEqual([whole[400], whole[1600 - 400], Math.max(...whole.subarray(800, 1120))], [12_000, 12_000, 0])
  })

  it('are nothing when there are none', () => assert.equal(stitched([]).length, 0))
})
