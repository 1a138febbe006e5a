import { dialled, inFull, rangesInFull, unitsInFull } from './aloud.ts'
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

const months = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ')
const days = {
  Mo: 'Montag', Di: 'Dienstag', Mi: 'Mittwoch', Do: 'Donnerstag', Fr: 'Freitag', Sa: 'Samstag', So: 'Sonntag',
}
const shorts = {
  'z.B.': 'zum Beispiel', 'd.h.': 'das heißt', 'u.a.': 'unter anderem', 'usw.': 'und so weiter', 'bzw.': 'beziehungsweise',
  'ca.': 'zirka', 'Nr.': 'Nummer', 'Tel.': 'Telefon', 'Dr.': 'Doktor', 'Prof.': 'Professor', 'Hr.': 'Herr', 'Fr.': 'Frau',
  'inkl.': 'inklusive', 'zzgl.': 'zuzüglich', 'Str.': 'Straße', 'evtl.': 'eventuell', 'ggf.': 'gegebenenfalls',
}
const unitNames = { km: 'Kilometer', m: 'Meter', kg: 'Kilogramm', 'Min.': 'Minuten', 'Std.': 'Stunden', 'Mio.': 'Millionen' }
const stems = 'null erst zweit dritt viert fünft sechst siebt acht'.split(' ')
const small = 'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf'.split(' ')
const tens = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig']
const stem = (n: number): string => stems[n] ?? `${under100(n)}${n < 20 ? 't' : 'st'}`

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

  // espeak reads 24. November as "vierundzwanzig", full stop, "November"; 24.11. as "vierundzwanzig Punkt elf"; 1955 as
  // a quantity; 9:30 Uhr as "neun Uhr dreißig Uhr"; 12,50 € as "zwölf Komma fünf null Euro"; 1 Stunde as "eins Stunde";
  // z. B. as "zett be"; at as "aht".
  aloud: (text) =>
    dialled(moneyInWords(rangesInFull(unitsInFull(inFull(datesInFull(text), shorts), unitNames), days, 'bis')), (number) => de.digits(number, nowhere))
      .replace(dayAndMonth, (_, first: string | undefined, link: string | undefined, day: string, what: string, year: string | undefined, at: number, whole: string) => {
        const before = whole.slice(0, at)
        const other = first ? `${ordinal(Number(first), before, what)} ${link} ` : ''
        return `${other}${ordinal(Number(day), before, what)} ${what}${year ? ` ${yearAloud(Number(year))}` : ''}`
      })
      .replace(/\b(\d{1,2})[:.](\d\d) Uhr\b/g, (_, hour: string, minute: string) => {
        return Number(minute) ? `${Number(hour)} Uhr ${Number(minute)}` : `${Number(hour)} Uhr`
      })
      .replace(/(?<![\d,.:])0?1 Uhr\b/g, 'ein Uhr')
      .replace(/(?<![\d,.:])1 (?=(?:Euro|Cent|Dollar|Franken|Rappen|Pfund|Penny|Tag|Monat|Jahr)(?!\p{L}))/gu, 'ein ')
      .replace(/(?<![\d,.:])1 (?=(?:Stunde|Minute|Sekunde|Woche)(?!\p{L}))/gu, 'eine ')
      .replace(afterPreposition, (span) => span.replace(/\beine /gi, 'einer ').replace(/\bTage\b/, 'Tagen'))
      .replace(/(?<=\b(?:im Jahre?|seit|von|bis) )(1[1-9]\d\d)(?=[.,;]?(?: \p{Ll}|$))/gu, (year) => yearAloud(Number(year)))
      .replace(/(?<![\p{L}\d])at(?![\p{L}\d])/gu, 'ät'),

  joining: {
    words: new Set([
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ...Object.values(letters), 'ät', ...Object.values(days), ...months,
      ...Array.from({ length: 31 }, (_, n) => ['er', 'en', 'e'].map((end) => `${stem(n + 1)}${end}`)).flat(),
      ...Array.from({ length: 24 }, (_, hour) => `${hour === 1 ? 'ein' : hour} Uhr`),
      ...Array.from({ length: 9 }, (_, n) => `${under100(n + 11)}hundert`),
      ...'ein eine einer Tag Tage Tagen Stunde Stunden Minute Minuten Sekunde Sekunden und minus Komma'.split(' '),
      ...'Euro Cent Dollar Franken Rappen Pfund Penny Pence'.split(' '),
    ]),
    number(written) {
      const [whole = '', decimals] = written.split(',')
      const pieces = numberWords(Number(whole))
      return pieces && decimals ? [...pieces, 'Komma', ...[...decimals].map((digit) => under100(Number(digit)))] : pieces
    },
  },
}

const nowhere = { now: 0, zone: 'UTC' }

/** Also `12,50 Euro`, as authors write it. */
function moneyInWords(text: string): string {
  const signed = text.replace(/(\d,\d\d) (?:Euro|EUR)(?!\p{L})/gu, '$1 €')
  return amountsSaid(signed, '.', (amount) => de.money(amount, nowhere))
}

/** A duration that stands in the dative: in 3 Tage, seit eine Stunde und 5 Minuten. */
const afterPreposition = new RegExp(
  '\\b(?:aus|bei|binnen|in|mit|nach|seit|von|vor|zu) ' +
    '(?:(?:circa|etwa|gut|knapp|rund|ungefähr|mehr als|weniger als) )?' +
    '(?:\\d+|eine) (?:Tage|Stunden?|Minuten?|Sekunden?|Wochen?)' +
    '(?: und (?:\\d+|eine) (?:Stunden?|Minuten?|Sekunden?))?(?!\\p{L})',
  'giu',
)

/** What an ordinal may stand before; what ends a sentence, "die 1. Danach", is none. With the year, and two: 1. und 2. */
const dayAndMonth = new RegExp(
  `\\b(?:(\\d{1,2})\\. (und|oder|bis) (?:zum )?)?([1-9]|[12]\\d|3[01])\\. (${months.join('|')}|Jänner|Stock|Stockwerk|Obergeschoss|Etage|Mal)\\b(?: (\\d{4})\\b)?`,
  'g',
)

/** 24.11.2026 and 24.11. with the name of the month, and Hauptstr. as the street it is. */
const datesInFull = (text: string): string =>
  text
    .replace(/(?<![\d.,])(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4})(?!\d))?(?![\d.])/g, (date, day: string, month: string, year?: string) => {
      const name = months[Number(month) - 1]
      return name && Number(day) > 0 && Number(day) < 32 ? `${Number(day)}. ${name}${year ? ` ${year}` : ''}` : date
    })
    .replace(/(?<=\p{Ll})str\.(?= ?\d|,|$)/gu, 'straße')

/** After "für" no masculine article is right but "den"; authors write "der Kundendienst" all the same. */
const accusative = (matter: string): string => matter.replace(/^der (?=\p{Lu})/u, 'den ')

/** An ordinal in words, its ending by what stands before: am 1. -> ersten, der 1. -> erste, else erster. */
function ordinal(n: number, before: string, what: string): string {
  if (/\bder $/i.test(before) && what !== 'Etage') return `${stem(n)}e`
  if (/\b(am|im|vom|zum|ab|bis|seit|dem|den) (\p{L}+(tag|woch), )?$/iu.test(before)) return `${stem(n)}en`
  if (what === 'Etage') return `${stem(n)}${/\b(der|zur) $/i.test(before) ? 'en' : 'e'}`
  return /^(Stockwerk|Obergeschoss|Mal)$/.test(what) ? `${stem(n)}${/\bdas $/i.test(before) ? 'e' : 'es'}` : `${stem(n)}er`
}

/** 1955 -> neunzehnhundert 55; from 2000 on as a number is said. */
function yearAloud(year: number): string {
  const [first, rest] = [Math.floor(year / 100), year % 100]
  return first < 11 || first > 19 ? String(year) : `${under100(first)}hundert${rest ? ` ${rest}` : ''}`
}

function under100(n: number): string {
  if (n < 20) return small[n] ?? `${{ 16: 'sech', 17: 'sieb' }[n] ?? small[n - 10]}zehn`
  const one = n % 10 === 1 ? 'ein' : small[n % 10]!
  return n % 10 === 0 ? tens[n / 10]! : `${one}und${tens[Math.floor(n / 10)]}`
}

/** Up to 999,999. */
function numberWords(n: number): string[] | undefined {
  if (!(n < 1e6)) return undefined
  const [thousands, hundreds, rest] = [Math.floor(n / 1000), Math.floor((n % 1000) / 100), n % 100]
  const [before, one] = [Math.floor(thousands / 100) * 100, thousands % 100]
  return [
    ...(before > 0 ? numberWords(before)! : []),
    ...(one > 1 ? [under100(one), 'tausend'] : one === 1 ? ['eintausend'] : before > 0 ? ['tausend'] : []),
    ...(hundreds > 0 ? [`${hundreds === 1 ? 'ein' : small[hundreds]}hundert`] : []),
    ...(rest > 0 || n === 0 ? [under100(rest)] : []),
  ]
}
