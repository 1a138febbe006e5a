import assert from 'node:assert/strict'
import { packFor, type LanguagePack, type Moment, type Way } from '../../engine/saying/index.ts'

const canberra: Moment = { now: Date.parse('2026-11-23T10:00:00+11:00'), zone: 'Australia/Canberra' }
const berlin: Moment = { now: Date.parse('2026-11-23T10:00:00+01:00'), zone: 'Europe/Berlin' }

function pack(language: string): LanguagePack {
  return packFor(language) ?? assert.fail(`no pack for ${language}`)
}

type Case = [Way, unknown, string | undefined]

const english: Case[] = [
  ['digits', '4711', '4 7 1 1'],
  ['digits', 4711, '4 7 1 1'],
  ['digits', 4711n, '4 7 1 1'],
  ['digits', '0042', '0 0 4 2'],
  ['digits', '12345', '1 2 3, 4 5'],
  ['digits', '1234567', '1 2 3, 4 5 6 7'],
  ['digits', '+61255501234', 'plus 6 1, 2 5 5, 5 0 1, 2 3 4'],
  ['digits', '+61 (2) 5550-1234', 'plus 6 1, 2 5 5, 5 0 1, 2 3 4'],
  ['digits', '+12025550123', 'plus 1, 2 0 2, 5 5 5, 0 1 2 3'],
  ['digits', '+353 1 555 0123', 'plus 3 5 3, 1 5 5, 5 0 1, 2 3'],
  ['digits', '+44 20 7946 0000', 'plus 4 4, 2 0 7, 9 4 6, 0 0 0 0'],
  ['digits', '+61', 'plus 6 1'],
  ['digits', '+9', 'plus 9'],
  ['digits', '(02) 5550-1234', '0 2 5, 5 5 0, 1 2 3 4'],
  ['digits', 'ab-12', 'A B 1 2'],
  ['digits', '*21#', 'star 2 1 hash'],
  ['digits', 'none', undefined],
  ['digits', '', undefined],
  ['digits', '+', undefined],
  ['digits', '12;34', undefined],
  ['digits', -4, undefined],
  ['digits', -4n, undefined],
  ['digits', '1'.repeat(41), undefined],
  ['digits', 4.5, undefined],
  ['digits', null, undefined],
  ['digits', ['1'], undefined],
  ['number', 2600, '2600'],
  ['number', '2600', '2600'],
  ['number', '-3.50', 'minus 3.5'],
  ['number', 0.1 + 0.2, '0.3'],
  ['number', -0.0001, '0'],
  ['number', 12n, '12'],
  ['number', 1_234_567_890, '1234567890'],
  ['number', '0042', '42'],
  ['number', Number.NaN, undefined],
  ['number', Number.POSITIVE_INFINITY, undefined],
  ['number', 1e15, undefined],
  ['number', '1e3', undefined],
  ['number', 'many', undefined],
  ['number', true, undefined],
  ['date', '2026-11-24T09:30', 'Tuesday, 24 November'],
  ['date', '2026-11-24', 'Tuesday, 24 November'],
  ['date', '2026-11-24T23:30:00Z', 'Wednesday, 25 November'],
  ['date', '2026-11-24T23:30:00+0100', 'Wednesday, 25 November'],
  ['date', '2027-01-05', 'Tuesday, 5 January'],
  ['date', '2027-11-24', 'Wednesday, 24 November 2027'],
  ['date', '1955-03-01', 'Tuesday, 1 March 1955'],
  ['date', new Date('2026-11-24T12:00:00Z'), 'Tuesday, 24 November'],
  ['date', { toMillis: () => Date.parse('2026-11-24T12:00:00Z') }, 'Tuesday, 24 November'],
  ['date', Date.parse('2026-11-24T12:00:00Z'), 'Tuesday, 24 November'],
  ['date', '2026-02-30', undefined],
  ['date', '2026', undefined],
  ['date', 'tomorrow', undefined],
  ['date', 4711, undefined],
  ['date', new Date(Number.NaN), undefined],
  ['date', undefined, undefined],
  ['time', '2026-11-24T09:30', '9:30 a.m.'],
  ['time', '2026-11-24T21:05', '9:05 p.m.'],
  ['time', '2026-11-24T09:00', '9 a.m.'],
  ['time', '2026-11-24T00:15', '12:15 a.m.'],
  ['time', '2026-11-24T12:15', '12:15 p.m.'],
  ['time', '2026-11-24T12:00', '12 noon'],
  ['time', '2026-11-24T00:00', '12 midnight'],
  ['time', '2026-11-24T09:30:00+01:00', '7:30 p.m.'],
  ['time', '9:30', '9:30 a.m.'],
  ['time', '24:00', '12 midnight'],
  ['time', '2026-11-24', undefined],
  ['time', '25:00', undefined],
  ['time', '24:30', undefined],
  ['time', 930, undefined],
]

const german: Case[] = [
  ['digits', '+4930', 'plus 4 9, 3 0'],
  ['digits', '*21#', 'Stern 2 1 Raute'],
  ['number', -3.5, 'minus 3,5'],
  ['number', 2600, '2600'],
  ['number', -0, '0'],
  ['date', '2026-11-24T09:30', 'Dienstag, 24. November'],
  ['date', '2028-03-01', 'Mittwoch, 1. März 2028'],
  ['time', '2026-11-24T09:30', '9 Uhr 30'],
  ['time', '2026-11-24T21:00', '21 Uhr'],
  ['time', '2026-11-24T00:05', '0 Uhr 5'],
  ['time', 'bald', undefined],
]

describe('saying values', () => {
  for (const [tag, moment, cases] of [['en', canberra, english], ['de', berlin, german]] as const) {
    for (const [way, value, said] of cases) {
      const shown = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'nothing')
      it(`${tag}: ${shown} | ${way} -> ${said ?? 'undefined'}`, () => {
        assert.equal(pack(tag)[way](value, moment), said)
      })
    }
  }

  it('gives undefined in a zone that does not exist', () => {
    assert.equal(pack('en').date('2026-11-24T09:30', { now: 0, zone: 'Nowhere/Land' }), undefined)
  })
})

describe('phrases', () => {
  const items: [string, string, string, string][] = [
    ['en', 'a new booking', '1', 'For a new booking, press 1.'],
    ['en', 'to change a booking', '2', 'To change a booking, press 2.'],
    ['en', 'the bookings team.', '*', 'For the bookings team, press star.'],
    ['en', 'English', '#', 'For English, press the hash key.'],
    ['de', 'eine neue Terminbuchung', '1', 'Für eine neue Terminbuchung drücken Sie die 1.'],
    ['de', 'Deutsch', '2', 'Für Deutsch drücken Sie die 2.'],
    ['de', 'der Kundendienst', '3', 'Für den Kundendienst drücken Sie die 3.'],
    ['de', 'um einen Termin zu ändern', '4', 'Um einen Termin zu ändern, drücken Sie die 4.'],
    ['de', 'die Buchungsabteilung', '*', 'Für die Buchungsabteilung drücken Sie die Stern-Taste.'],
    ['de', 'das Ende', '#', 'Für das Ende drücken Sie die Raute-Taste.'],
  ]
  for (const [tag, label, key, said] of items) {
    it(said, () => assert.equal(pack(tag).menuItem(label, key), said))
  }

  const connecting: [string, string | undefined, string][] = [
    ['en', 'the bookings team', 'I am putting you through to the bookings team.'],
    ['en', undefined, 'I am putting you through.'],
    ['de', 'das Buchungsteam', 'Einen Moment bitte, ich verbinde Sie. Gleich für Sie da: das Buchungsteam.'],
    ['de', undefined, 'Einen Moment bitte, ich verbinde Sie.'],
  ]
  for (const [tag, said, words] of connecting) {
    it(words, () => assert.equal(pack(tag).connecting(said), words))
  }
})

describe('what a synthetic voice reads wrongly', () => {
  const cases: [string, string, string][] = [
    ['en', 'Tuesday, 24 November at 9:05 a.m.', 'Tuesday, 24th of November at 9 oh 5 a.m.'],
    ['en', '1 May, 2 May, 3 May, 11 May, 31 May', '1st of May, 2nd of May, 3rd of May, 11th of May, 31st of May'],
    ['en', 'Open at 9:00 a.m. for 24 people.', 'Open at 9 a.m. for 24 people.'],
    ['de', 'am Dienstag, 24. November', 'am Dienstag, vierundzwanzigsten November'],
    ['de', 'Dienstag, 24. November', 'Dienstag, vierundzwanzigster November'],
    ['de', 'am Mittwoch, dem 1. März', 'am Mittwoch, dem ersten März'],
    ['de', 'Der 3. Mai, ab 30. Mai', 'Der dritte Mai, ab dreißigsten Mai'],
    ['de', 'um 1 Uhr 30, um 21 Uhr, um 9:05 Uhr, um 10:00 Uhr', 'um ein Uhr 30, um 21 Uhr, um 9 Uhr 5, um 10 Uhr'],
    ['de', 'drücken Sie die 1.', 'drücken Sie die 1.'],
    ['en', 'The fee is $1,200.50, or €5.', 'The fee is 1200 dollars and 50 cents, or 5 euros.'],
    ['en', '$5 million, $12.50 million, US$5, $1.2.3', '$5 million, $12.50 million, US$5, $1.2.3'],
    ['de', 'Das kostet 1.200,50 € am 1. Mai.', 'Das kostet 1200 Euro 50 am ersten Mai.'],
    ['en', 'A B 7, A, B, A 5 minute wait', 'A, B 7, A, B, A 5 minute wait'],
    ['en', '1 2 A, 3 A 4 and A 1 2', '1 2 A, 3 A, 4 and A, 1 2'],
    ['en', 'A umlaut, R', 'A-umlaut, R'],
    ['de', 'Das kostet 12,50 € oder 1.250,00 Euro.', 'Das kostet 12 Euro 50 oder 1250 Euro.'],
    ['de', '5 Mio. €, 1 Euro 50, 21 Euro, 1,1 Euro', '5 Millionen €, ein Euro 50, 21 Euro, 1,1 Euro'],
    ['de', 'noch 1 Stunde, 1 Tag, 11 Stunden', 'noch eine Stunde, ein Tag, 11 Stunden'],
    ['de', 'in eine Stunde und eine Minute, eine Minute', 'in einer Stunde und einer Minute, eine Minute'],
    ['de', 'seit etwa 3 Tage und 1 Stunde', 'seit etwa 3 Tagen und einer Stunde'],
    ['de', 'in 3 Tagen, dauert 3 Tage', 'in 3 Tagen, dauert 3 Tage'],
    ['de', 'M, at, G und Quadrat', 'M, ät, G und Quadrat'],
  ]
  for (const [tag, text, aloud] of cases) {
    it(`${tag}: ${text}`, () => assert.equal(pack(tag).aloud?.(text), aloud))
  }
})

describe('a pack', () => {
  it('is found by its tag, also with a region, and not otherwise', () => {
    const found = ['en', 'de-AT', 'EN-au', 'de_CH', 'fr-CA', 'tlh', '', 'e'].map((tag) => packFor(tag)?.tag)
    assert.deepEqual(found, ['en', 'de', 'en', 'de', 'fr', undefined, undefined, undefined])
  })
})
