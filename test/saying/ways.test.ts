import assert from 'node:assert/strict'
import { packFor, type Moment, type Way } from '../../engine/saying/index.ts'

const now = Date.parse('2026-11-23T10:00:00+11:00')
const here: Moment = { now, zone: 'Australia/Canberra' }

/** A way, a value, and what it becomes in English and in German. */
type Row = [Way, unknown, string | undefined, string | undefined]
const not = (way: Way, ...values: unknown[]): Row[] => values.map((value) => [way, value, undefined, undefined])

const money: Row[] = [
  ['money', '12.50 AUD', '12 dollars and 50 cents', '12 Dollar 50'],
  ['money', 'AUD 12.5', '12 dollars and 50 cents', '12 Dollar 50'],
  ['money', '12,50 €', '12 euros and 50 cents', '12 Euro 50'],
  ['money', '$12.50', '12 dollars and 50 cents', '12 Dollar 50'],
  ['money', { amount: 12.5, currency: 'eur' }, '12 euros and 50 cents', '12 Euro 50'],
  ['money', { amount: '12.50', currency: 'EUR' }, '12 euros and 50 cents', '12 Euro 50'],
  ['money', '1 EUR', '1 euro', 'ein Euro'],
  ['money', '1.01 EUR', '1 euro and 1 cent', 'ein Euro 1'],
  ['money', '12.05 EUR', '12 euros and 5 cents', '12 Euro 5'],
  ['money', '0.01 AUD', '1 cent', 'ein Cent'],
  ['money', '0.05 AUD', '5 cents', '5 Cent'],
  ['money', '0 EUR', '0 euros', '0 Euro'],
  ['money', '-5 EUR', 'minus 5 euros', 'minus 5 Euro'],
  ['money', '-0.5 EUR', 'minus 50 cents', 'minus 50 Cent'],
  ['money', '-0.001 EUR', '0 euros', '0 Euro'],
  ['money', '1.005 EUR', undefined, undefined],
  ['money', { amount: 1.005, currency: 'EUR' }, '1 euro and 1 cent', 'ein Euro 1'],
  ['money', { amount: 0.999, currency: 'EUR' }, '1 euro', 'ein Euro'],
  ['money', '1,250.00 AUD', '1250 dollars', '1250 Dollar'],
  ['money', '1.250,50 EUR', '1250 euros and 50 cents', '1250 Euro 50'],
  ['money', '1234567.89 AUD', '1234567 dollars and 89 cents', '1234567 Dollar 89'],
  ['money', '5.20 GBP', '5 pounds and 20 pence', '5 Pfund 20'],
  ['money', '0.01 GBP', '1 penny', 'ein Penny'],
  ['money', '3.50 CHF', '3 francs and 50 centimes', '3 Franken 50'],
  ['money', '12.5 SEK', '12.5 Swedish kronor', '12,5 Schwedische Kronen'],
  ['money', '1200.4 JPY', '1200 Japanese yen', '1200 Japanische Yen'],
  ['money', 12.5, '12.5', '12,5'],
  ['money', '12.50', '12.5', '12,5'],
  ['money', { amount: 12 }, '12', '12'],
  ['money', { amount: 12, currency: '' }, '12', '12'],
  ...not('money', '1.250 EUR', '1,250', '12 XXX', '12 QQQ', '12 EUR EUR', '€', 'much', 1e15),
  ...not('money', { amount: 12, currency: 'Euro' }, { amount: 'much' }, { price: 12 }),
]

const duration: Row[] = [
  ['duration', 5400, '1 hour and 30 minutes', 'eine Stunde und 30 Minuten'],
  ['duration', 'PT1H30M', '1 hour and 30 minutes', 'eine Stunde und 30 Minuten'],
  ['duration', '90s', '1 minute and 30 seconds', 'eine Minute und 30 Sekunden'],
  ['duration', '2h 5m', '2 hours and 5 minutes', '2 Stunden und 5 Minuten'],
  ['duration', '1.5h', '1 hour and 30 minutes', 'eine Stunde und 30 Minuten'],
  ['duration', '800ms', '1 second', 'eine Sekunde'],
  ['duration', 0, '0 seconds', '0 Sekunden'],
  ['duration', 0.4, '0 seconds', '0 Sekunden'],
  ['duration', 59.6, '1 minute', 'eine Minute'],
  ['duration', 599, '9 minutes and 59 seconds', '9 Minuten und 59 Sekunden'],
  ['duration', 599.6, '10 minutes', '10 Minuten'],
  ['duration', 629, '10 minutes', '10 Minuten'],
  ['duration', 3601, '1 hour', 'eine Stunde'],
  ['duration', '1d', '24 hours', '24 Stunden'],
  ['duration', '47h 59m 50s', '2 days', '2 Tage'],
  ['duration', 'P3DT4H', '3 days and 4 hours', '3 Tage und 4 Stunden'],
  ['duration', 'P2W', '14 days', '14 Tage'],
  ['duration', 'PT0.5H', '30 minutes', '30 Minuten'],
  ['duration', '90', '1 minute and 30 seconds', 'eine Minute und 30 Sekunden'],
  ...not('duration', -1, '-5m', 'P1Y', 'P1M', 'PT', 'P', '5 m', '5x', '99999999d', 'soon', Number.NaN),
]

const spell: Row[] = [
  ['spell', 'kw7', 'K, W, 7', 'K, W, 7'],
  ['spell', 'KW 7-03', 'K, W, 7, dash, 0, 3', 'K, W, 7, Bindestrich, 0, 3'],
  ['spell', 'Max_M@x.de', 'M, A, X, underscore, M, at, X, dot, D, E', 'M, A, X, Unterstrich, M, at, X, Punkt, D, E'],
  ['spell', 'Jürß', 'J, U umlaut, R, sharp S', 'J, U Umlaut, R, Eszett'],
  ['spell', 'é', 'E acute', 'E mit Akut'],
  ['spell', 'Øл', 'Ø, Л', 'Ø, Л'],
  ['spell', 4711, '4, 7, 1, 1', '4, 7, 1, 1'],
  ['spell', '0042', '0, 0, 4, 2', '0, 0, 4, 2'],
  ...not('spell', '', ' ', -1, 4.5, '🎉', 'a\u0000b', 'x'.repeat(61)),
]

const words: Row[] = [
  ['words', '  Dr. Lee,\n room 12 ', 'Dr. Lee, room 12', 'Dr. Lee, room 12'],
  ['words', 'R&D', 'R and D', 'R und D'],
  ['words', 'A & B (5%).', 'A and B (5 percent).', 'A und B (5 Prozent).'],
  ['words', '20°C + 3', '20 degrees C plus 3', '20 Grad C plus 3'],
  ['words', 'for $12.50', 'for 12 dollars and 50 cents', 'for 12 Dollar 50'],
  ['words', 'C++', 'C plus plus', 'C plus plus'],
  ['words', '<b>**bold**</b> 🎉', 'b bold /b', 'b bold /b'],
  ['words', '', '', ''],
  ['words', -3.5, 'minus 3.5', 'minus 3,5'],
  ['words', `${'x'.repeat(300)}. ${'y '.repeat(300)}`, `${'x'.repeat(300)}.`, `${'x'.repeat(300)}.`],
  ...not('words', true, ['a'], { a: 1 }),
]

describe('ways of saying', () => {
  for (const [way, value, english, german] of [...money, ...duration, ...spell, ...words]) {
    it(`${JSON.stringify(value).slice(0, 50)} | ${way} -> ${english?.slice(0, 50) ?? 'undefined'}`, () => {
      assert.deepEqual([packFor('en')![way](value, here), packFor('de')![way](value, here)], [english, german])
    })
  }

  it('money is in the hotline\'s currency unless it says otherwise; another is named in full', () => {
    const inAustralia = { ...here, currency: 'AUD' }
    const said = (language: string, value: unknown) => packFor(language)!.money(value, inAustralia)
    assert.equal(said('en', 12.5), '12 dollars and 50 cents')
    assert.equal(said('en', '$12.50'), '12 dollars and 50 cents')
    assert.equal(said('en', '12.50 USD'), '12 US dollars and 50 cents')
    assert.equal(said('en', '1 EUR'), '1 euro')
    assert.equal(said('de', '12.50 USD'), '12 US-Dollar 50')
    assert.equal(said('de', { amount: 1, currency: 'NZD' }), 'ein Neuseeland-Dollar')
  })
})
