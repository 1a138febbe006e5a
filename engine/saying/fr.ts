import { inFull, rangesInFull, unitsInFull } from './aloud.ts'
import { amountsSaid, moneySaid, type Coins, type MoneyWords } from './money.ts'
import type { LanguagePack } from './pack.ts'
import { plainWords } from './plain.ts'
import { spanOf } from './spans.ts'
import { spelled } from './spelling.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from './values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'étoile', '#': 'dièse' }

const symbols: Record<string, string> = {
  '&': 'et', '%': 'pour cent', '@': 'arobase', '+': 'plus', '=': 'égale', '§': 'paragraphe', '°': 'degrés',
  '$': 'dollars', '€': 'euros', '£': 'livres', '#': 'dièse',
}

const letters: Record<string, string> = {
  ...symbols, ...signs,
  '-': 'tiret', '–': 'tiret', '.': 'point', ',': 'virgule', '_': 'tiret bas', '/': 'barre oblique',
  '\\': 'barre oblique inverse', ':': 'deux-points', ';': 'point-virgule', "'": 'apostrophe', '’': 'apostrophe',
  '!': "point d'exclamation", '?': "point d'interrogation", '(': 'parenthèse ouvrante', ')': 'parenthèse fermante',
  'ß': 'eszett', 'ẞ': 'eszett', 'œ': 'E dans O', 'Œ': 'E dans O', '\u0300': 'accent grave', '\u0301': 'accent aigu',
  '\u0302': 'accent circonflexe', '\u0303': 'tilde', '\u0308': 'tréma', '\u030a': 'rond', '\u030c': 'caron',
  '\u0327': 'cédille',
}

const coins = (one: string, part = 'centime', many = `${one}s`, parts = `${part}s`): Coins => ({ one, many, part, parts })
const dollar = coins('dollar', 'cent')
const moneyWords: MoneyWords = {
  locale: 'fr',
  coins: {
    EUR: coins('euro'), CHF: coins('franc'), GBP: coins('livre', 'penny', 'livres', 'pence'),
    AUD: dollar, NZD: dollar, USD: dollar, CAD: dollar, SGD: dollar, HKD: dollar,
  },
  minus: 'moins',
  number: quantity,
  count: counted,
  both: (whole, part) => `${whole} ${part}`,
}

function quantity(amount: number): string {
  const text = String(Math.abs(amount)).replace('.', ',')
  return amount < 0 ? `moins ${text}` : text
}

/** Nothing and one are singular. */
function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count < 2 ? one : many}`
}

const units = { day: 'jour', hour: 'heure', minute: 'minute', second: 'seconde' } as const

const months = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ')
const days = {
  'lun.': 'lundi', 'mar.': 'mardi', 'mer.': 'mercredi', 'jeu.': 'jeudi', 'ven.': 'vendredi', 'sam.': 'samedi', 'dim.': 'dimanche',
}
const shorts = {
  Mme: 'Madame', Mlle: 'Mademoiselle', 'Dr.': 'docteur', Dr: 'docteur', 'n°': 'numéro', 'N°': 'numéro',
  'p.ex.': 'par exemple', 'c.-à-d.': "c'est-à-dire", 'av.': 'avenue', bd: 'boulevard', 'tél.': 'téléphone', RDV: 'rendez-vous',
}
const unitNames = { km: 'kilomètres', m: 'mètres', kg: 'kilos', min: 'minutes', 'min.': 'minutes', mn: 'minutes' }
const small = 'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(' ')
const tens = ['', '', 'vingt', 'trente', 'quarante', 'cinquante', 'soixante', 'soixante', 'quatre-vingt', 'quatre-vingt']

/** French, the caller addressed as "vous". */
export const fr: LanguagePack = {
  tag: 'fr',
  name: 'Français',

  digits: (value) =>
    singly(value)
      ?.map((group) => group.map((sign) => signs[sign] ?? sign).join(' '))
      .join(', '),

  number(value) {
    const amount = amountOf(value)
    return amount === undefined ? undefined : quantity(amount)
  },

  money: (value, when) => moneySaid(value, when, moneyWords),

  /** Stands after "le". */
  date(value, when) {
    const day = dayOf(value, when)
    if (!day) return undefined
    const said = day.at.setLocale('fr').toFormat(needsYear(day.at, when) ? 'cccc d LLLL yyyy' : 'cccc d LLLL')
    return said.replace(/ 1 /, ' 1er ')
  },

  time(value, when) {
    const time = timeOf(value, when)
    if (!time) return undefined
    const { hour, minute } = time
    if (minute === 0 && hour % 12 === 0) return hour === 12 ? 'midi' : 'minuit'
    return `${counted(hour, 'heure')}${minute === 0 ? '' : ` ${minute}`}`
  },

  duration: (value) =>
    spanOf(value)
      ?.map(([count, unit]) => counted(count, units[unit]))
      .join(' et '),

  spell: (value) => spelled(value, letters),

  words: (value, when) =>
    typeof value === 'string' ? plainWords(value, symbols, moneyInWords) : fr.number(value, when),

  /** The label stands after "Pour": `une réservation`, `modifier une réservation`. */
  menuItem(label, key) {
    const matter = label.trim().replace(/^pour\s+/i, '').replace(/[.,:;]+$/, '')
    return `Pour ${matter}, appuyez sur ${fr.keyName(key)}.`
  },
  keyName: (key) => (signs[key] ? `la touche ${signs[key]}` : `le ${key}`),

  noInput: ["Je n'ai entendu aucune touche.", "Je n'ai toujours rien entendu. Veuillez appuyer sur une des touches."],
  noEntry: ["Je n'ai entendu aucun chiffre.", "Je n'ai toujours rien entendu. Veuillez saisir les chiffres."],
  noMatch: ["Cette touche n'est pas proposée.", 'Je ne peux rien en faire. Veuillez choisir une des touches proposées.'],
  notAccepted: [
    "Cette saisie n'est pas acceptée.",
    "Cette saisie n'est pas acceptée non plus. Veuillez vérifier encore une fois.",
  ],
  keyFirst: /(?:appuyez sur|tapez|faites) (?:le |la touche )?(?:\d|étoile|dièse),? (?:pour|si)(?!\p{L})/iu,
  tooFew: "C'était trop court.",
  connecting: (said) => (said ? `Je vous mets en relation avec ${said}.` : 'Je vous mets en relation.'),
  oneMoment: 'Un instant, je vous prie.',
  recorded: {
    hear: 'écouter votre message',
    keep: "l'enregistrer",
    again: 'le dicter à nouveau',
    kept: 'Merci. Votre message est enregistré.',
  },
  callback: {
    offer: (number) => `Nous pouvons vous rappeler au ${number}.`,
    agree: 'accepter',
    otherNumber: 'donner un autre numéro',
    decline: 'renoncer au rappel',
    askNumber: 'Veuillez saisir le numéro auquel nous pouvons vous rappeler, puis la touche dièse.',
    read: (number) => `Votre numéro est le ${number}.`,
    right: 'confirmer',
    again: 'le saisir à nouveau',
    promised: 'Merci. Nous vous rappellerons.',
  },
  thanks: 'Merci.',
  sorry: 'Nous sommes désolés, nous ne pouvons pas vous aider par téléphone pour le moment. Veuillez rappeler plus tard.',

  // espeak reads 1 heure as "un heure", plus as "plu", 9h30 as "neuf ache", n° as "ène", § not at all.
  aloud: (text) =>
    moneyInWords(rangesInFull(unitsInFull(inFull(text.replace(mister, 'Monsieur '), shorts), unitNames), days, 'à'))
      .replace(numericDate, (date, day: string, month: string, year = '') =>
        Number(day) > 0 && Number(day) < 32 && months[Number(month) - 1] ? `${Number(day)} ${months[Number(month) - 1]}${year.replace('/', ' ')}` : date)
      .replace(firstOfMonth, 'premier $1')
      .replace(/(?<![\d.,:])(\d{1,2}) ?h ?(\d\d)?(?!\p{L}|\d)/gu, (_, hour: string, minute?: string) =>
        `${counted(Number(hour), 'heure')}${Number(minute ?? 0) ? ` ${Number(minute)}` : ''}`)
      .replace(/§ ?(?=\d)/g, 'paragraphe ')
      .replace(/(?<![\p{L}\d])plus (?=\d)/gu, 'plusse ')
      // In words, for then it binds them: neuf_heures, deux_euros.
      .replace(bound, (_, count: string, noun: string) => `${feminine.test(noun) ? feminineWords(count) : wordsOf(count)} ${noun}`),

  joining: {
    words: new Set([
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ...Object.values(letters), 'plusse', ...Object.values(days), ...months, 'premier',
      ...'midi minuit heure heures minute minutes seconde secondes jour jours et moins virgule une'.split(' '),
      ...'euro euros centime centimes dollar dollars cent cents franc francs livre livres penny pence'.split(' '),
      ...Array.from({ length: 24 }, (_, hour) => `${feminineWords(String(hour))} ${hour < 2 ? 'heure' : 'heures'}`),
      ...Array.from({ length: 100 }, (_, n) => [under100(n), feminineWords(String(n))]).flat(),
      ...small.slice(2, 10).flatMap((one) => [`${one} cent`, `${one} cents`]), 'mille', 'quatre-vingt',
    ]),
    number(written) {
      const [whole = '', decimals = ''] = written.split(',')
      const pieces = numberWords(Number(whole))
      if (!pieces || !decimals) return pieces
      const zeros = Array.from(/^0*(?=\d)/.exec(decimals)?.[0] ?? '', () => 'zéro')
      return [...pieces, 'virgule', ...zeros, ...(numberWords(Number(decimals)) ?? [])]
    },
  },
}

function moneyInWords(text: string): string {
  // A space stands between thousands: 1 200 €.
  const joined = text.replace(/(?<![\d,.])\d{1,3}(?: \d{3})+(?=(?:,\d\d)? ?(?:€|euros?(?!\p{L})))/gu, (n) => n.replaceAll(' ', ''))
  return amountsSaid(joined, '.', (amount) => fr.money(amount, { now: 0, zone: 'UTC' }))
}

/** Not the letter at the end of a sentence. */
const mister = /(?<!\p{L}|, )M\. ?(?=\p{Lu}\p{Ll})/gu
const numericDate = /(?<![\d/])(\d{1,2})\/(\d{1,2})(\/\d{4})?(?![\d/])/g
const firstOfMonth = new RegExp(`\\b1er (${months.join('|')})`, 'g')

const bound = /(?<![\d.,:])(\d{1,6}) (heures?|minutes?|secondes?|semaines?|livres?|personnes?|euros?|ans?)(?!\p{L})/gu
const feminine = /^(?:heure|minute|seconde|semaine|livre|personne)/

function wordsOf(count: string): string {
  return numberWords(Number(count))?.join(' ') ?? count
}

function feminineWords(count: string): string {
  return wordsOf(count).replace(/un$/, 'une')
}

function under100(n: number): string {
  if (n < 17) return small[n]!
  if (n < 20) return `dix-${small[n - 10]}`
  const ten = Math.floor(n / 10)
  const rest = n % 10 + (ten === 7 || ten === 9 ? 10 : 0)
  if (rest === 0) return ten === 8 ? 'quatre-vingts' : tens[ten]!
  return rest % 10 === 1 && ten < 8 ? `${tens[ten]} et ${small[rest]}` : `${tens[ten]}-${under100(rest)}`
}

/** Up to 999,999. */
function numberWords(n: number): string[] | undefined {
  if (!(n < 1e6)) return undefined
  const [thousands, hundreds, rest] = [Math.floor(n / 1000), Math.floor((n % 1000) / 100), n % 100]
  const hundred = hundreds > 1 ? `${small[hundreds]} cent${rest === 0 ? 's' : ''}` : 'cent'
  return [
    // Neither "cents" nor "quatre-vingts" have their s before "mille".
    ...(thousands > 1 ? numberWords(thousands)!.map((word) => word.replace(/(cent|vingt)s$/, '$1')) : []),
    ...(thousands > 0 ? ['mille'] : []),
    ...(hundreds > 0 ? [hundred] : []),
    ...(rest > 0 || n === 0 ? [under100(rest)] : []),
  ]
}
