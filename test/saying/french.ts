import type { LanguagePack } from '../../engine/saying/index.ts'
import { moneySaid, type MoneyWords } from '../../engine/saying/money.ts'
import { plainWords } from '../../engine/saying/plain.ts'
import { spanOf } from '../../engine/saying/spans.ts'
import { spelled } from '../../engine/saying/spelling.ts'
import { amountOf, dayOf, needsYear, singly, timeOf } from '../../engine/saying/values.ts'

const signs: Record<string, string> = { '+': 'plus', '*': 'étoile', '#': 'dièse' }
const keys: Record<string, string> = { '*': 'étoile', '#': 'dièse' }
const symbols: Record<string, string> = {
  '&': 'et', '%': 'pour cent', '@': 'arobase', '+': 'plus', '=': 'égale', '§': 'paragraphe', '°': 'degrés',
  '$': 'dollars', '€': 'euros', '£': 'livres', '#': 'dièse',
}
const letters: Record<string, string> = {
  ...symbols, ...signs, '-': 'tiret', '.': 'point', ',': 'virgule', '_': 'tiret bas',
  '/': 'barre oblique', ':': 'deux-points',
  '\u0300': 'accent grave', '\u0301': 'accent aigu', '\u0302': 'accent circonflexe',
  '\u0308': 'tréma', '\u0327': 'cédille',
}
const units = { day: 'jour', hour: 'heure', minute: 'minute', second: 'seconde' } as const

/** Nothing and one are singular. */
const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count < 2 ? one : many}`
const quantity = (amount: number): string =>
  `${amount < 0 ? 'moins ' : ''}${String(Math.abs(amount)).replace('.', ',')}`

const moneyWords: MoneyWords = {
  locale: 'fr',
  coins: { EUR: { one: 'euro', many: 'euros', part: 'centime', parts: 'centimes' } },
  minus: 'moins',
  number: quantity,
  count: counted,
  both: (whole, part) => `${whole} ${part}`,
}

/** A third language, as small as a pack can be: it shows what a new one takes, and that it needs nothing else. */
export const fr: LanguagePack = {
  tag: 'fr',
  name: 'Français',

  digits: (value) =>
    singly(value)?.map((group) => group.map((sign) => signs[sign] ?? sign).join(' ')).join(', '),
  number(value) {
    const amount = amountOf(value)
    return amount === undefined ? undefined : quantity(amount)
  },
  money: (value, when) => moneySaid(value, when, moneyWords),
  date(value, when) {
    const day = dayOf(value, when)
    return day?.at.setLocale('fr').toFormat(needsYear(day.at, when) ? 'cccc d LLLL yyyy' : 'cccc d LLLL')
  },
  time(value, when) {
    const time = timeOf(value, when)
    if (!time) return undefined
    return `${counted(time.hour, 'heure')}${time.minute === 0 ? '' : ` ${time.minute}`}`
  },
  duration: (value) => spanOf(value)?.map(([count, unit]) => counted(count, units[unit])).join(' et '),
  spell: (value) => spelled(value, letters),
  words: (value, when) => (typeof value === 'string' ? plainWords(value, symbols) : fr.number(value, when)),

  menuItem: (label, key) => `Pour ${label.trim().replace(/[.,:;]+$/, '')}, appuyez sur ${fr.keyName(key)}.`,
  keyName: (key) => (keys[key] ? `la touche ${keys[key]}` : `le ${key}`),
  noInput: ["Je n'ai entendu aucune touche.", "Je n'ai toujours rien entendu. Veuillez appuyer sur une touche."],
  noEntry: ["Je n'ai entendu aucun chiffre.", "Je n'ai toujours rien entendu. Veuillez saisir les chiffres."],
  noMatch: ["Cette touche n'est pas proposée.", 'Veuillez choisir une des touches proposées.'],
  notAccepted: ["Cette saisie n'est pas acceptée.", "Cette saisie n'est pas acceptée non plus. Veuillez vérifier."],
  tooFew: "C'était trop court.",
  connecting: (said) => (said ? `Je vous passe ${said}.` : 'Je vous passe une personne.'),
  oneMoment: 'Un instant, je vous prie.',
  recorded: {
    hear: 'écouter votre message',
    keep: "l'enregistrer",
    again: 'le dicter à nouveau',
    kept: 'Merci. Votre message est enregistré.',
  },
  callback: {
    offer: (number) => `Nous pouvons vous rappeler au ${number}.`,
    agree: 'être rappelé à ce numéro',
    otherNumber: 'un autre numéro',
    decline: 'renoncer au rappel',
    askNumber: 'Veuillez saisir le numéro auquel nous pouvons vous rappeler, puis dièse.',
    read: (number) => `Votre numéro est le ${number}.`,
    right: 'être rappelé à ce numéro',
    again: 'le saisir à nouveau',
    promised: 'Merci. Nous vous rappellerons.',
  },
  thanks: 'Merci.',
  sorry: 'Je suis désolée. Quelque chose ne fonctionne pas en ce moment.',
}
