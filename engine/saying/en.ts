import type { LanguagePack } from './pack.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from './values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'star', '#': 'hash' }
const keys: Record<string, string> = { '*': 'star', '#': 'the hash key' }

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
    if (amount === undefined) return undefined
    return amount < 0 ? `minus ${-amount}` : `${amount}`
  },

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

  menuItem(label, key) {
    const matter = label.trim().replace(/[.,:;]+$/, '')
    const toDo = /^to\s+/i.exec(matter)
    const lead = toDo ? `To ${matter.slice(toDo[0].length)}` : `For ${matter}`
    return `${lead}, press ${en.keyName(key)}.`
  },
  keyName: (key) => keys[key] ?? key,

  noInput: ['I did not hear a key.', 'I still have not heard anything. Please press one of the keys.'],
  noMatch: ['That key is not on offer.', 'I cannot do anything with that. Please choose one of the keys named.'],
  tooFew: 'That was too short.',
  connecting: (said) => (said ? `I am putting you through to ${said}.` : 'I am putting you through.'),
  sorry: 'I am sorry. Something is not working here at the moment.',

  // espeak reads 24 November as "twenty-four November", 9:05 as "nine zero five", 12:00 as "twelve zero zero".
  aloud: (text) =>
    text
      .replace(dayAndMonth, (_, day: string, month: string) => `${day}${ending(Number(day))} of ${month}`)
      .replace(/\b(\d{1,2}):0([1-9])\b/g, '$1 oh $2')
      .replace(/\b(\d{1,2}):00(?=\s?[ap]\.?m\b)/gi, '$1'),
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December'
const dayAndMonth = new RegExp(`\\b([1-9]|[12]\\d|3[01]) (${months})\\b`, 'g')

function ending(day: number): string {
  if (day > 3 && day < 21) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}
