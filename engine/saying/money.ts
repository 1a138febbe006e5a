import type { Moment } from './pack.ts'
import { amountOf } from './values.ts'

/** An amount, at most three decimals. Without `currency` (ISO 4217, `AUD`) nothing tells what it is an amount of. */
export type Money = {
  amount: number
  currency?: string
  /** The value names another currency than the hotline's: "dollars" alone would mislead. */
  foreign: boolean
}

/** The names of a currency and of its hundredth: `dollar`, `dollars`, `cent`, `cents`. */
export type Coins = { one: string; many: string; part: string; parts: string }

/** How a language says money. */
export type MoneyWords = {
  /** For the names of currencies without `coins`, and of foreign ones: `Swedish kronor`. RFC 5646. */
  locale: string
  /** By currency; those that callers name in short. */
  coins: Record<string, Coins>
  /** `minus` before an amount. */
  minus: string
  /** As the way `number` says it. */
  number(amount: number): string
  /** `1 dollar`, `2 dollars`; never negative. */
  count(count: number, one: string, many: string): string
  /** `12 dollars` and 50: `12 dollars and 50 cents`. */
  both(whole: string, part: number, coins: Coins): string
}

const signs: Record<string, string> = { $: 'USD', '€': 'EUR', '£': 'GBP' }
const written = /^([+-]?)(?:([a-z]{3}|[$€£]) ?)?([\d.,]+)(?: ?([a-z]{3}|[$€£]))?$/i
/** Longer than any amount of money. */
const longest = 40

let known: Set<string> | undefined
function knownCurrency(code: string | undefined): string | undefined {
  known ??= new Set(Intl.supportedValuesOf('currency').filter((one) => one !== 'XXX' && one !== 'XTS'))
  const tag = code?.toUpperCase() ?? ''
  return known.has(tag) ? tag : undefined
}

/**
 * The money in a value: `12.5`, `12.50 AUD`, `$12.50`, `12,50 €`, `{ amount: 12.5, currency: AUD }`. Without a currency
 * of its own it has the hotline's, if that has one; a `$` is the hotline's dollar. Undefined where there is no such
 * currency, and for a text like `1.250 EUR` or `1,250`: that is a thousand to some, one and a quarter to others.
 */
export function moneyOf(value: unknown, { currency: own }: Moment): Money | undefined {
  const home = knownCurrency(own)
  const parts = typeof value === 'string' ? fromText(value.trim(), home) : fromValue(value)
  const amount = amountOf(parts?.amount)
  if (!parts || amount === undefined) return undefined
  if (parts.currency === undefined) return { amount, ...(home ? { currency: home } : {}), foreign: false }
  const currency = knownCurrency(parts.currency)
  return currency ? { amount, currency, foreign: home !== undefined && home !== currency } : undefined
}

function fromValue(value: unknown): { amount: unknown; currency?: string | undefined } | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return { amount: value }
  if (typeof value !== 'object' || value === null || !('amount' in value)) return undefined
  const currency = 'currency' in value ? value.currency : undefined
  if (currency === undefined || currency === null) return { amount: value.amount }
  return typeof currency === 'string' ? { amount: value.amount, currency: currency.trim() || undefined } : undefined
}

function fromText(text: string, home?: string): { amount: string; currency?: string | undefined } | undefined {
  const [, sign, before, digits, after] = (text.length <= longest && written.exec(text)) || []
  const amount = digits && withPoint(digits)
  if (!amount || (before && after)) return undefined
  const name = before ?? after
  const dollar = name === '$' && home?.endsWith('D') ? home : undefined
  return { amount: `${sign}${amount}`, currency: dollar ?? (name && (signs[name] ?? name)) }
}

/** `1,250.00`, `1.250,00` and `12,5` with a decimal point and nothing else; undefined when it can be read two ways. */
function withPoint(digits: string): string | undefined {
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(digits)) return undefined
  if (/^\d+(?:\.\d+|,\d\d?)?$/.test(digits)) return digits.replace(',', '.')
  if (/^\d{1,3}(?:,\d{3})+\.\d\d$|^\d{1,3}(?:\.\d{3})+,\d\d$/.test(digits)) {
    return `${digits.slice(0, -3).replace(/[.,]/g, '')}.${digits.slice(-2)}`
  }
  return undefined
}

/**
 * Money in words, rounded to the cent: `12 dollars and 50 cents`. Without a currency it is said as a number is: any
 * other way would make up what the value does not say.
 */
export function moneySaid(value: unknown, when: Moment, words: MoneyWords): string | undefined {
  const money = moneyOf(value, when)
  if (!money) return undefined
  const { currency, foreign } = money
  if (currency === undefined) return words.number(money.amount)
  const amount = Math.abs(money.amount)
  const coins = words.coins[currency]
  const cents = Math.round(Number(`${amount}e2`))
  const minus = money.amount < 0 && cents > 0 ? `${words.minus} ` : ''
  if (!coins) return `${minus}${unlisted(amount, currency, words)}`
  const [whole, part] = [Math.floor(cents / 100), cents % 100]
  if (whole === 0 && part > 0) return `${minus}${words.count(part, coins.part, coins.parts)}`
  const name = foreign ? longName(whole, currency, words.locale) : undefined
  const said = words.count(whole, name ?? coins.one, name ?? coins.many)
  return `${minus}${part === 0 ? said : words.both(said, part, coins)}`
}

/** With decimals, since nobody told what the parts are called: `12.5 Swedish kronor`. */
function unlisted(amount: number, currency: string, { locale, number }: MoneyWords): string {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  const rounded = Number(amount.toFixed(maximumFractionDigits))
  return `${number(rounded)} ${longName(rounded, currency, locale)}`
}

/** `US dollars`, in the form that goes with the amount. */
function longName(amount: number, currency: string, locale: string): string {
  const format = { style: 'currency', currency, currencyDisplay: 'name', minimumFractionDigits: 0 } as const
  const parts = new Intl.NumberFormat(locale, format).formatToParts(amount)
  return parts.find(({ type }) => type === 'currency')?.value ?? currency
}

/** Not `$5 million` and `5k €`. */
const inText = new RegExp(
  '(?<![\\p{L}\\d.,])(?:[$€£] ?\\d(?:[\\d.,]*\\d)?|\\d(?:[\\d.,]*\\d)? ?[$€£])(?![.,]?\\d|\\p{L})' +
    '(?! ?(?:thousand|[mbt]r?illion|mi[lo]|mrd|tausend))',
  'giu',
)

/**
 * Puts the amounts of money in a text in words, `$1,200` or `12,50 €`; `thousands` is the sign that the language sets
 * between them. What `say` does not understand stays as it is.
 */
export const amountsSaid = (text: string, thousands: ',' | '.', say: (amount: string) => string | undefined): string =>
  text.replace(inText, (amount) => {
    const plain = amount.replace(/([.,])(?=\d{3}(?!\d))/g, (sign) => (sign === thousands ? '' : sign))
    return say(plain) ?? amount
  })
