import { dialled, inFull, rangesInFull, unitsInFull } from './aloud.ts'
import { amountsSaid, moneySaid, type Coins, type MoneyWords } from './money.ts'
import type { LanguagePack } from './pack.ts'
import { plainWords } from './plain.ts'
import { spanOf } from './spans.ts'
import { spelled } from './spelling.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from './values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'star', '#': 'hash' }
const keys: Record<string, string> = { '*': 'star', '#': 'the hash key' }

const symbols: Record<string, string> = {
  '&': 'and', '%': 'percent', '@': 'at', '+': 'plus', '=': 'equals', '§': 'section', '°': 'degrees',
  '$': 'dollars', '€': 'euros', '£': 'pounds', '#': 'hash',
}

const accents: Record<string, string> = {
  '\u0300': 'grave', '\u0301': 'acute', '\u0302': 'circumflex', '\u0303': 'tilde', '\u0308': 'umlaut',
  '\u030a': 'ring', '\u030c': 'caron', '\u0327': 'cedilla',
}

const letters: Record<string, string> = {
  ...symbols, ...signs,
  '-': 'dash', '–': 'dash', '.': 'dot', ',': 'comma', '_': 'underscore', '/': 'slash', '\\': 'backslash', ':': 'colon',
  ';': 'semicolon', "'": 'apostrophe', '’': 'apostrophe', '!': 'exclamation mark', '?': 'question mark',
  '(': 'open bracket', ')': 'close bracket',
  'ß': 'sharp S', 'ẞ': 'sharp S', ...accents,
}

const coins = (name: string, names = `${name}s`, part = 'cent', parts = `${part}s`): Coins =>
  ({ one: name, many: names, part, parts })
const dollar = coins('dollar')
const moneyWords: MoneyWords = {
  locale: 'en-AU',
  coins: {
    AUD: dollar, NZD: dollar, USD: dollar, CAD: dollar, SGD: dollar, HKD: dollar,
    EUR: coins('euro'), GBP: coins('pound', 'pounds', 'penny', 'pence'), CHF: coins('franc', 'francs', 'centime'),
  },
  minus: 'minus',
  number: quantity,
  count: counted,
  both: (whole, part, { part: one, parts }) => `${whole} and ${counted(part, one, parts)}`,
}

function quantity(amount: number): string {
  return amount < 0 ? `minus ${-amount}` : `${amount}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

const months = 'January February March April May June July August September October November December'.split(' ')
const days = {
  Mon: 'Monday', Tue: 'Tuesday', Tues: 'Tuesday', Wed: 'Wednesday', Thu: 'Thursday', Thurs: 'Thursday', Fri: 'Friday',
  Sat: 'Saturday', Sun: 'Sunday',
}
const shorts = {
  'Dr.': 'Doctor', 'Mr.': 'Mister', 'Mrs.': 'Missus', 'Ms.': 'Ms', 'Prof.': 'Professor', 'approx.': 'approximately',
  'vs.': 'versus', 'tel.': 'telephone', 'Tel.': 'Telephone', 'Rd.': 'Road', 'Ave.': 'Avenue', 'hrs.': 'hours',
}
const unitNames = { km: 'kilometres', m: 'metres', kg: 'kilograms', min: 'minutes', 'min.': 'minutes', mins: 'minutes', hrs: 'hours' }
const small = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'.split(' ')
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** English, as on Australian and British telephones. */
export const en: LanguagePack = {
  tag: 'en',
  name: 'English',

  digits: (value) =>
    singly(value)
      ?.map((group) => group.map((sign) => signs[sign] ?? sign).join(' '))
      .join(', '),

  number(value) {
    const amount = amountOf(value)
    return amount === undefined ? undefined : quantity(amount)
  },

  money: (value, when) => moneySaid(value, when, moneyWords),

  date(value, when) {
    const day = dayOf(value, when)
    if (!day) return undefined
    return day.at.setLocale('en-AU').toFormat(needsYear(day.at, when) ? 'cccc, d LLLL yyyy' : 'cccc, d LLLL')
  },

  time(value, when) {
    const time = timeOf(value, when)
    if (!time) return undefined
    const { hour, minute } = time
    if (minute === 0 && hour % 12 === 0) return hour === 12 ? '12 noon' : '12 midnight'
    const clock = minute === 0 ? `${hour % 12}` : `${hour % 12 || 12}:${String(minute).padStart(2, '0')}`
    return `${clock} ${hour < 12 ? 'a.m.' : 'p.m.'}`
  },

  duration: (value) =>
    spanOf(value)
      ?.map(([count, unit]) => counted(count, unit, `${unit}s`))
      .join(' and '),

  spell: (value) => spelled(value, letters),

  words: (value, when) =>
    typeof value === 'string' ? plainWords(value, symbols, moneyInWords) : en.number(value, when),

  menuItem(label, key) {
    const matter = label.trim().replace(/[.,:;]+$/, '')
    const lead = /^(?:to|for)\s+/i.test(matter) ? matter.charAt(0).toUpperCase() + matter.slice(1) : `For ${matter}`
    return `${lead}, press ${en.keyName(key)}.`
  },
  keyName: (key) => keys[key] ?? key,

  noInput: ['I did not hear a key.', 'I still have not heard anything. Please press one of the keys.'],
  noEntry: ['I did not hear any digits.', 'I still have not heard anything. Please key in the digits.'],
  noMatch: ['That key is not on offer.', 'I cannot do anything with that. Please choose one of the keys named.'],
  notAccepted: ['That entry is not accepted.', 'That entry is not accepted either. Please look once more.'],
  keyFirst: /\b(?:press|dial|select) (?:key |number )?(?:\d|star|hash|pound)(?: (?:key|now))?,? (?:for|to|if)\b/i,
  tooFew: 'That was too short.',
  connecting: (said) => (said ? `I am putting you through to ${said}.` : 'I am putting you through.'),
  oneMoment: 'One moment please.',
  recorded: {
    hear: 'to hear your message',
    keep: 'to save it',
    again: 'to record it again',
    kept: 'Thank you. Your message has been saved.',
  },
  callback: {
    offer: (number) => `We can call you back on ${number}.`,
    agree: 'to agree',
    otherNumber: 'another number',
    decline: 'to do without a call',
    askNumber: 'Please key in the number on which we can call you back, then the hash key.',
    read: (number) => `Your number is ${number}.`,
    right: 'to confirm',
    again: 'to key it in again',
    promised: 'Thank you. We will call you back.',
  },
  thanks: 'Thank you.',
  sorry: 'I am sorry, we cannot help you by telephone at the moment. Please try again later.',

  // espeak reads 24 November as "twenty-four November", 1955 as a quantity, 9:05 as "nine zero five", 12:00 as "twelve
  // zero zero", $12.50 as "dollar twelve point five zero", Dr. with a full stop behind it, and the A of "A B 7" and
  // "A umlaut" as the article.
  aloud: (text) =>
    dialled(moneyInWords(rangesInFull(unitsInFull(shortsInFull(text), unitNames), days, 'to')), (number) => en.digits(number, nowhere))
      .replace(numericDate, (date, day: string, month: string, year: string) => {
        const name = months[Number(month) - 1]
        return name && Number(day) > 0 && Number(day) < 32 ? `${Number(day)} ${name} ${year}` : date
      })
      .replace(dayAndMonth, (_, day: string, month: string, year?: string) =>
        `${day}${ending(Number(day))} of ${month}${year ? ` ${yearAloud(Number(year))}` : ''}`)
      .replace(/(?<![\d:])(\d{1,2}):00(?![:\d])/g, (_, hour: string) => {
        return Number(hour) > 12 ? (en.time(`${hour}:00`, nowhere) ?? hour) : String(Number(hour))
      })
      .replace(/\b(\d{1,2}):0([1-9])\b/g, '$1 oh $2')
      .replace(/\bA(?= (?:[A-Z]|[A-Z\d] [A-Z\d])\b)|(?<=\b[A-Z\d] )A(?= [A-Z\d]\b)/g, 'A,')
      .replace(/\bA (?=umlaut|grave|acute|circumflex|tilde|ring|caron|cedilla)/g, 'A-'),

  joining: {
    words: new Set([
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ...Object.values(letters), ...Object.values(accents).map((name) => `A-${name}`),
      ...Object.values(days), ...months, ...Array.from({ length: 31 }, (_, n) => `${n + 1}${ending(n + 1)} of`),
      'a.m.', 'p.m.', ...'noon midnight oh point minus hundred and'.split(' '),
      ...['day', 'hour', 'minute', 'second', 'dollar', 'euro', 'pound', 'franc', 'cent', 'centime'].flatMap((one) =>
        [one, `${one}s`, `${one} and`, `${one}s and`]),
      'penny', 'pence',
    ]),
    number(written) {
      const [hour, minute] = written.split(':').map(Number)
      if (minute !== undefined) return [under100(hour!), under100(minute)]
      const [whole = '', decimals = ''] = written.split('.')
      const pieces = numberWords(Number(whole))
      return pieces && decimals ? [...pieces, 'point', ...[...decimals].map((digit) => under100(Number(digit)))] : pieces
    },
  },
}

const nowhere = { now: 0, zone: 'UTC' }

function moneyInWords(text: string): string {
  return amountsSaid(text, ',', (amount) => en.money(amount, nowhere))
}

const dayAndMonth = new RegExp(`\\b([1-9]|[12]\\d|3[01]) (${months.join('|')})\\b(?: (\\d{4})\\b)?`, 'g')
const numericDate = /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/g

/** `St.` is a saint before a name, else a street; `No.` is a number only before one. */
const shortsInFull = (text: string): string =>
  inFull(text, shorts)
    .replace(/\bSt\. (?=\p{Lu})/gu, 'Saint ')
    .replace(/(?<=\p{L} )St\.(?= ?(\S|$))/gu, (_, next: string) => (next ? 'Street' : 'Street.'))
    .replace(/\b[Nn]o\. ?(?=\d)/g, 'number ')

function ending(day: number): string {
  if (day > 3 && day < 21) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}

/** 1955 -> 19 55, 1905 -> 19 oh 5, 2026 -> 20 26; from 2000 to 2009 as a number is said. */
function yearAloud(year: number): string {
  const [first, rest] = [Math.floor(year / 100), year % 100]
  if (first < 11 || first > 20 || (first === 20 && rest < 10)) return String(year)
  return rest === 0 ? `${first} hundred` : `${first} ${rest < 10 ? `oh ${rest}` : rest}`
}

function under100(n: number): string {
  if (n < 20) return small[n] ?? ['seventeen', 'eighteen', 'nineteen'][n - 17]!
  return n % 10 === 0 ? tens[n / 10]! : `${tens[Math.floor(n / 10)]}-${small[n % 10]}`
}

/** Up to 999,999. */
function numberWords(n: number): string[] | undefined {
  if (!(n < 1e6)) return undefined
  const [thousands, hundreds, rest] = [Math.floor(n / 1000), Math.floor((n % 1000) / 100), n % 100]
  return [
    ...(thousands > 0 ? [...numberWords(thousands)!, rest > 0 && hundreds === 0 ? 'thousand and' : 'thousand'] : []),
    ...(hundreds > 0 ? [`${small[hundreds]} hundred${rest > 0 ? ' and' : ''}`] : []),
    ...(rest > 0 || n === 0 ? [under100(rest)] : []),
  ]
}
