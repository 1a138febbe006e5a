import type { LanguagePack } from './pack.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from './values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'Stern', '#': 'Raute' }
const keys: Record<string, string> = { '*': 'Stern-Taste', '#': 'Raute-Taste' }

/** German, the caller addressed as "Sie". */
export const de: LanguagePack = {
  tag: 'de',
  name: 'Deutsch',

  digits: (value) =>
    singly(value)
      ?.map((group) => group.map((sign) => signs[sign] ?? sign).join(' '))
      .join(', '),

  number(value) {
    const amount = amountOf(value)
    if (amount === undefined) return undefined
    const text = String(Math.abs(amount)).replace('.', ',')
    return amount < 0 ? `minus ${text}` : text
  },

  date(value, when) {
    const day = dayOf(value, when)
    if (!day) return undefined
    return day.at.setLocale('de').toFormat(needsYear(day.at, when) ? 'cccc, d. LLLL yyyy' : 'cccc, d. LLLL')
  },

  time(value, when) {
    const time = timeOf(value, when)
    if (!time) return undefined
    return time.minute === 0 ? `${time.hour} Uhr` : `${time.hour} Uhr ${time.minute}`
  },

  /** The label stands after "Für" (`eine neue Buchung`, `Deutsch`), or is a whole clause with "um". */
  menuItem(label, key) {
    const matter = label.trim().replace(/[.,:;]+$/, '')
    const toDo = /^um\s+/i.exec(matter)
    const lead = toDo ? `Um ${matter.slice(toDo[0].length)},` : `Für ${accusative(matter)}`
    return `${lead} drücken Sie ${de.keyName(key)}.`
  },
  keyName: (key) => `die ${keys[key] ?? key}`,

  noInput: ['Ich habe keine Taste gehört.', 'Ich habe noch immer nichts gehört. Bitte drücken Sie eine der Tasten.'],
  noMatch: [
    'Diese Taste ist nicht belegt.',
    'Damit kann ich nichts anfangen. Bitte wählen Sie eine der genannten Tasten.',
  ],
  tooFew: 'Das war zu kurz.',
  connecting: (said) => `Einen Moment bitte. ${said ? `Gleich spricht mit Ihnen: ${said}.` : 'Ich verbinde Sie.'}`,
  sorry: 'Es tut mir leid. Hier funktioniert gerade etwas nicht.',

  // espeak reads 24. November as "vierundzwanzig", full stop, "November"; 9:30 Uhr as "neun Uhr dreißig Uhr".
  aloud: (text) =>
    text
      .replace(dayAndMonth, (_, day: string, month: string, at: number) => {
        return `${ordinal(Number(day), text.slice(0, at))} ${month}`
      })
      .replace(/\b(\d{1,2}):(\d\d) Uhr\b/g, (_, hour: string, minute: string) => {
        return Number(minute) ? `${hour} Uhr ${Number(minute)}` : `${hour} Uhr`
      })
      .replace(/(?<![\d,.:])0?1 Uhr\b/g, 'ein Uhr'),
}

/** After "für" no masculine article is right but "den"; authors write "der Kundendienst" all the same. */
const accusative = (matter: string): string => matter.replace(/^der (?=\p{Lu})/u, 'den ')

const months = 'Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember'
const dayAndMonth = new RegExp(`\\b([1-9]|[12]\\d|3[01])\\. (${months})\\b`, 'g')

const small = 'null erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft'
const teens = 'dreizehnt vierzehnt fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt'
const stems = `${small} ${teens}`.split(' ')
const ones = ['', 'einund', 'zweiund', 'dreiund', 'vierund', 'fünfund', 'sechsund', 'siebenund', 'achtund', 'neunund']

/** The day of a month in words, its ending by what stands before: am 1. -> ersten, der 1. -> erste, else erster. */
function ordinal(day: number, before: string): string {
  const stem = stems[day] ?? `${ones[day % 10]}${day < 30 ? 'zwanzigst' : 'dreißigst'}`
  if (/\bder $/i.test(before)) return `${stem}e`
  return /\b(am|vom|zum|ab|bis|seit|dem|den) (\p{L}+(tag|woch), )?$/iu.test(before) ? `${stem}en` : `${stem}er`
}
