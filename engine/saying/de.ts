import { amountsSaid, moneySaid, type Coins, type MoneyWords } from './money.ts'
import type { LanguagePack } from './pack.ts'
import { plainWords } from './plain.ts'
import { spanOf } from './spans.ts'
import { spelled } from './spelling.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from './values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'Stern', '#': 'Raute' }
const keys: Record<string, string> = { '*': 'Stern-Taste', '#': 'Raute-Taste' }

const symbols: Record<string, string> = {
  '&': 'und', '%': 'Prozent', '@': 'at', '+': 'plus', '=': 'gleich', '§': 'Paragraf', '°': 'Grad',
  '$': 'Dollar', '€': 'Euro', '£': 'Pfund', '#': 'Raute',
}

const letters: Record<string, string> = {
  ...symbols, ...signs,
  '-': 'Bindestrich', '–': 'Bindestrich', '.': 'Punkt', ',': 'Komma', '_': 'Unterstrich', '/': 'Schrägstrich',
  '\\': 'Rückstrich', ':': 'Doppelpunkt', ';': 'Strichpunkt', "'": 'Apostroph', '’': 'Apostroph',
  '!': 'Ausrufezeichen', '?': 'Fragezeichen', '(': 'Klammer auf', ')': 'Klammer zu',
  'ß': 'Eszett', 'ẞ': 'Eszett', '\u0300': 'mit Gravis', '\u0301': 'mit Akut', '\u0302': 'mit Zirkumflex',
  '\u0303': 'mit Tilde', '\u0308': 'Umlaut', '\u030a': 'mit Ring', '\u030c': 'mit Hatschek', '\u0327': 'mit Cedille',
}

const coins = (name: string, part = 'Cent', parts = part): Coins => ({ one: name, many: name, part, parts })
const dollar = coins('Dollar')
const moneyWords: MoneyWords = {
  locale: 'de',
  coins: {
    EUR: coins('Euro'), CHF: coins('Franken', 'Rappen'), GBP: coins('Pfund', 'Penny', 'Pence'),
    AUD: dollar, NZD: dollar, USD: dollar, CAD: dollar, SGD: dollar, HKD: dollar,
  },
  minus: 'minus',
  number: quantity,
  count: (count, one, many) => (count === 1 ? `ein ${one}` : `${count} ${many}`),
  both: (whole, part) => `${whole} ${part}`,
}

function quantity(amount: number): string {
  const text = String(Math.abs(amount)).replace('.', ',')
  return amount < 0 ? `minus ${text}` : text
}

const units = {
  day: ['ein Tag', 'Tage'], hour: ['eine Stunde', 'Stunden'],
  minute: ['eine Minute', 'Minuten'], second: ['eine Sekunde', 'Sekunden'],
} as const

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
    return amount === undefined ? undefined : quantity(amount)
  },

  money: (value, when) => moneySaid(value, when, moneyWords),

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

  duration: (value) =>
    spanOf(value)
      ?.map(([count, unit]) => (count === 1 ? units[unit][0] : `${count} ${units[unit][1]}`))
      .join(' und '),

  spell: (value) => spelled(value, letters),

  words: (value, when) =>
    typeof value === 'string' ? plainWords(value, symbols, moneyInWords) : de.number(value, when),

  /** The label stands after "Für" (`eine neue Buchung`, `Deutsch`), or is a whole clause with "um". */
  menuItem(label, key) {
    const matter = label.trim().replace(/[.,:;]+$/, '')
    const toDo = /^um\s+/i.exec(matter)
    const said = /^(?:zum|zur|für)\s+/i.test(matter) ? matter.charAt(0).toUpperCase() + matter.slice(1) : undefined
    const lead = toDo ? `Um ${matter.slice(toDo[0].length)},` : (said ?? `Für ${accusative(matter)}`)
    return `${lead} drücken Sie ${de.keyName(key)}.`
  },
  keyName: (key) => `die ${keys[key] ?? key}`,

  noInput: ['Ich habe keine Taste gehört.', 'Ich habe noch immer nichts gehört. Bitte drücken Sie eine der Tasten.'],
  noEntry: ['Ich habe keine Ziffern gehört.', 'Ich habe noch immer nichts gehört. Bitte geben Sie die Ziffern ein.'],
  noMatch: [
    'Diese Taste ist nicht belegt.',
    'Damit kann ich nichts anfangen. Bitte wählen Sie eine der genannten Tasten.',
  ],
  notAccepted: ['Diese Eingabe wird nicht angenommen.', 'Auch diese Eingabe wird nicht angenommen. Bitte sehen Sie noch einmal nach.'],
  keyFirst: /\b(?:drücken|wählen) Sie (?:bitte )?(?:die )?(?:\d|Stern|Raute)(?:-Taste)?,? (?:für|um|wenn|falls)\b/i,
  tooFew: 'Das war zu kurz.',
  connecting: (said) => `Einen Moment bitte, ich verbinde Sie.${said ? ` Gleich für Sie da: ${said}.` : ''}`,
  oneMoment: 'Einen Moment bitte.',
  recorded: {
    hear: 'um Ihre Nachricht anzuhören',
    keep: 'um sie zu speichern',
    again: 'um sie neu aufzunehmen',
    kept: 'Vielen Dank. Ihre Nachricht ist gespeichert.',
  },
  callback: {
    offer: (number) => `Wir können Sie unter ${number} zurückrufen.`,
    agree: 'um zuzustimmen',
    otherNumber: 'eine andere Nummer',
    decline: 'um auf den Rückruf zu verzichten',
    askNumber: 'Bitte geben Sie die Nummer ein, unter der wir Sie zurückrufen können, und dann die Rautetaste.',
    read: (number) => `Ihre Nummer ist ${number}.`,
    right: 'um zu bestätigen',
    again: 'um sie neu einzugeben',
    promised: 'Vielen Dank. Wir rufen Sie zurück.',
  },
  thanks: 'Vielen Dank.',
  sorry: 'Es tut mir leid, im Moment können wir Ihnen am Telefon nicht weiterhelfen. Bitte versuchen Sie es später noch einmal.',

  // espeak reads 24. November as "vierundzwanzig", full stop, "November"; 9:30 Uhr as "neun Uhr dreißig Uhr"; 12,50 €
  // as "zwölf Komma fünf null Euro"; 1 Stunde as "eins Stunde"; at as "aht".
  aloud: (text) =>
    moneyInWords(text)
      .replace(dayAndMonth, (_, day: string, month: string, at: number, whole: string) => {
        return `${ordinal(Number(day), whole.slice(0, at))} ${month}`
      })
      .replace(/\b(\d{1,2}):(\d\d) Uhr\b/g, (_, hour: string, minute: string) => {
        return Number(minute) ? `${hour} Uhr ${Number(minute)}` : `${hour} Uhr`
      })
      .replace(/(?<![\d,.:])0?1 Uhr\b/g, 'ein Uhr')
      .replace(/(?<![\d,.:])1 (?=(?:Euro|Cent|Dollar|Franken|Rappen|Pfund|Penny|Tag|Monat|Jahr)(?!\p{L}))/gu, 'ein ')
      .replace(/(?<![\d,.:])1 (?=(?:Stunde|Minute|Sekunde|Woche)(?!\p{L}))/gu, 'eine ')
      .replace(afterPreposition, (span) => span.replace(/\beine /gi, 'einer ').replace(/\bTage\b/, 'Tagen'))
      .replace(/(?<![\p{L}\d])at(?![\p{L}\d])/gu, 'ät'),
}

/** Also `12,50 Euro`, as authors write it. */
function moneyInWords(text: string): string {
  const signed = text.replace(/(\d,\d\d) (?:Euro|EUR)(?!\p{L})/gu, '$1 €')
  return amountsSaid(signed, '.', (amount) => de.money(amount, { now: 0, zone: 'UTC' }))
}

/** A duration that stands in the dative: in 3 Tage, seit eine Stunde und 5 Minuten. */
const afterPreposition = new RegExp(
  '\\b(?:aus|bei|binnen|in|mit|nach|seit|von|vor|zu) ' +
    '(?:(?:circa|etwa|gut|knapp|rund|ungefähr|mehr als|weniger als) )?' +
    '(?:\\d+|eine) (?:Tage|Stunden?|Minuten?|Sekunden?|Wochen?)' +
    '(?: und (?:\\d+|eine) (?:Stunden?|Minuten?|Sekunden?))?(?!\\p{L})',
  'giu',
)

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
