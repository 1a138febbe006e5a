import assert from 'node:assert/strict'
import { ways, type LanguagePack, type Moment, type Way } from '../../engine/saying/index.ts'
import { longestSaid } from '../../engine/saying/plain.ts'

const now = Date.parse('2026-11-23T10:00:00+11:00')
const moments: Moment[] = [
  { now, zone: 'Australia/Canberra' },
  { now, zone: 'Australia/Canberra', currency: 'AUD' },
  { now: 0, zone: 'Nowhere/Land', currency: 'Taler' },
  { now: Number.NaN, zone: '' },
]
const [here] = moments as [Moment]

const deep: unknown[] = []
deep.push(deep)
const numbers = [
  Number.NaN, Infinity, -Infinity, -0, 0, -1, -3.5, 0.1 + 0.2,
  1e-9, 1e15, 1e21, 2 ** 53, Number.MAX_VALUE,
]
const things = [
  undefined, null, true, false, 12n, -4n, 10n ** 40n, Symbol('x'), () => 1, new Map(), /x/,
  {}, [], [1], ['a', 'b'], deep, Object.create(null), new Date(Number.NaN), new Date(8.64e15), new Date(0),
  { amount: null }, { amount: {}, currency: 'EUR' }, { amount: 1, currency: {} }, { amount: 1, currency: '€uro' },
  { amount: Infinity, currency: 'EUR' }, { amount: -0, currency: 'JPY' }, { amount: '1e9', currency: 'EUR' },
  { getTime: 1 }, { getTime: () => Infinity }, { toMillis: () => 'x' },
]
const texts = [
  '', ' ', '\n', '\0', '\u202e abc', '\ud83d', 'e\u0301\u0301\u0301', '👩‍👩‍👧 ok', '🎉',
  '٣٤', '½', 'ǆ', 'ﬁ', 'İi', 'ŉ', '漢字', '한글',
  '-', '--5', '+', '.', ',', '1,', '.5', '1.2.3', '1e3', '0x10', '-0', '-0.001 EUR', '$', '$-5', '€ €',
  '12 EUR EUR', '1.250 EUR', '12 XXX', 'P', 'PT', 'PT0S', 'P1Y', 'PT1.5S', '5', '5 m', '1h1h', '9999999d',
  '2026-13-45', '2026-11-24T99:99', '0000-01-01', '9999-12-31T24:00',
  '__proto__', 'constructor', '{{ x }}', '<speak>&amp;</speak>', '%s %d', '../../x', "'; --", '| digits',
]
const repeated = [
  'x', '7', '漢', '😀', ' ', 'a ', '1,', '1.', '9 ', '12 € ', '1h ', '&', '%%', 'A B ', '\u0301', 'Ä', '\t',
  '1 Euro ', 'in eine Stunde und ', '24 May ', '24. Mai ',
]
/** What a caller, a backend or a slip of the author can put behind a bar. */
const long = repeated.map((text) => text.repeat(10_000).slice(0, 10_000))
const hostile: unknown[] = [...numbers, ...things, ...texts, ...long]

const unspeakable = /[\p{Cc}\p{Cs}\p{Co}<>[\]{}|\\^`*_]|\p{Emoji_Presentation}|^\s|\s$|\s\s/u
/** What looks like a programming mistake when it is heard. */
const slips = /^$|undefined|null|NaN|Infinity|\[object|-0\b/

const shown = (value: unknown): string =>
  (typeof value === 'string' ? JSON.stringify(value) : Object.prototype.toString.call(value)).slice(0, 50)

/**
 * What every pack must do, whatever its language. Call it inside a `describe` with a new pack; `packs.test.ts` and
 * `saying.md` say what the languages there are make of a value.
 */
export function conforms(pack: LanguagePack): void {
  const said = (way: Way, value: unknown, moment: Moment = here): string =>
    pack[way](value, moment) ?? assert.fail(`${shown(value)} | ${way} says nothing`)

  for (const way of ways) {
    it(`${way}: never throws, nor says anything long or unspeakable, whatever the value`, () => {
      for (const moment of moments) {
        for (const value of hostile) {
          const text = pack[way](value, moment)
          if (text === undefined) continue
          const what = `${shown(value)} | ${way} -> ${JSON.stringify(text).slice(0, 100)}`
          assert.equal(typeof text, 'string', what)
          assert.ok(text.length <= longestSaid, `${what}: ${text.length} characters`)
          assert.doesNotMatch(text, unspeakable, what)
          if (way !== 'words') assert.doesNotMatch(text, slips, what)
          assert.equal(pack[way](value, moment), text, `${what}: another time otherwise`)
          readAloud(pack, text)
        }
      }
    })
    it(`${way}: gives undefined for what is no value to say`, () => {
      const none = [undefined, null, Number.NaN, Infinity, {}, [], deep, true]
      for (const value of none) assert.equal(pack[way](value, here), undefined)
    })
  }

  it('digits: each by itself', () => assert.match(said('digits', '0042'), /^0\P{N}+0\P{N}+4\P{N}+2$/u))

  it('number: whole, with decimals, negative, large', () => {
    assert.match(said('number', 2600), /^2[.,\s]?600$/u)
    assert.match(said('number', 3.5), /^3\D+5$/)
    assert.match(said('number', 12_345_678), /^12\D?345\D?678$/)
    assert.ok(said('number', -7).endsWith(said('number', 7)) && said('number', -7) !== said('number', 7))
    assert.equal(said('number', -0), said('number', 0))
  })

  it('money: with its currency, the hotline\'s, or none', () => {
    assert.match(said('money', '12.50 EUR'), /^12 .*50\b/)
    assert.equal(said('money', { amount: 12.5, currency: 'EUR' }), said('money', '12.50 EUR'))
    assert.equal(said('money', 12.5, { ...here, currency: 'EUR' }), said('money', '12,50 €'))
    assert.equal(said('money', 12.5), said('number', 12.5))
    assert.notEqual(said('money', '12 EUR'), said('money', '12 AUD'))
    for (const text of ['1 EUR', '0.01 EUR', '0.50 EUR', '-5 EUR', '1 SEK', '0 JPY', '1.5 KWD'])
      assert.doesNotMatch(said('money', text), /EUR|SEK|JPY|KWD|[€$£]/)
    assert.equal(said('money', '-0.001 EUR'), said('money', '0 EUR'))
  })

  it('date and time: the year where it is needed, the time only where there is one', () => {
    assert.doesNotMatch(said('date', '2026-11-24'), /2026/)
    assert.match(said('date', '2028-11-24'), /2028/)
    assert.equal(pack.time('2026-11-24', here), undefined)
    for (let minute = 0; minute < 24 * 60; minute += 5)
      assert.ok(said('time', `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`))
  })

  it('duration: the same however it is written, singular and plural', () => {
    for (const value of [5400, '5400', '90m', '1h 30m', '1h30m', 'PT1H30M', 'pt90m', '5399.6s'])
      assert.equal(said('duration', value), said('duration', 5400))
    const unitOf = (text: string): string => said('duration', text).replaceAll(/\d+/g, '')
    for (const unit of ['s', 'm', 'h']) assert.notEqual(unitOf(`1${unit}`), unitOf(`2${unit}`))
    assert.match(said('duration', '2d'), /^2 /)
    assert.ok(said('duration', 0))
  })

  it('spell: every letter, digit and sign of an address by name', () => {
    assert.deepEqual(said('spell', 'k w7').split(', '), ['K', 'W', '7'])
    for (const sign of ['-', '.', '@', '_', '/', '+', '&', '#', '*', ':', ','])
      assert.match(said('spell', `a${sign}1`), /^A, \p{L}[\p{L} -]+, 1$/u, sign)
    for (const letter of ['é', 'ä', 'ç']) assert.match(said('spell', letter), /^[EAC] \p{L}+/u)
    assert.equal(said('spell', 'e\u0301'), said('spell', 'é'))
    assert.equal(pack.spell('🎉', here), undefined)
  })

  it('words: the text as it is, symbols in words', () => {
    assert.equal(said('words', ' Dr. Lee,\n\troom 12 '), 'Dr. Lee, room 12')
    assert.match(said('words', 'R&D: 5%.'), /^R \p{L}+ D: 5 \p{L}[\p{L} ]*\.$/u)
    assert.equal(said('words', '🎉 <b>'), 'b')
    assert.equal(said('words', '🎉'), '')
    assert.equal(said('words', 3.5), said('number', 3.5))
    assert.equal(said('words', `${'One sentence. '.repeat(80)}`).endsWith('sentence.'), true)
  })

  it('says all phrases, in other words each time, in whole sentences', () => {
    const { noInput, noEntry, noMatch, notAccepted, tooFew, oneMoment, sorry, connecting, menuItem, name, keyName } = pack
    const { callback, recorded, thanks } = pack
    const sentences = [callback.offer('1'), callback.askNumber, callback.read('1'), callback.promised, recorded.kept, thanks]
    const phrases = [...sentences, ...noInput, ...noEntry, ...noMatch, ...notAccepted, tooFew, oneMoment, sorry, connecting('x'), connecting(), menuItem('x', '1')]
    assert.equal(new Set(phrases).size, phrases.length)
    for (const phrase of phrases) assert.match(phrase, /^\p{L}.*\.$/u)
    for (const key of ['*', '#']) assert.doesNotMatch(keyName(key), /[*#]/)
    assert.ok(name.length > 0)
    for (const phrase of phrases) readAloud(pack, phrase)
  })
}

/** What a voice is given is still a text, and of much the same length. */
function readAloud(pack: LanguagePack, text: string): void {
  const aloud = pack.aloud?.(text) ?? text
  assert.equal(typeof aloud, 'string')
  assert.ok(aloud.length <= text.length * 6 && (text === '' || aloud.trim() !== ''), `${text} is read as ${aloud}`)
}
