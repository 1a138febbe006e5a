const numbers = [
  'zero null', 'one ein eins eine einen', 'two zwei', 'three drei', 'four vier', 'five fünf fuenf', 'six sechs',
  'seven sieben', 'eight acht', 'nine neun', 'ten zehn',
]
const units: Record<string, string> = {
  ms: 'msec millisecond milliseconds millisekunde millisekunden',
  s: 'sec secs second seconds sek sekunde sekunden',
  m: 'min mins minute minutes minuten',
  h: 'hr hrs hour hours std stunde stunden',
  d: 'day days tag tage tagen',
}
const keys: Record<string, string> = { '*': 'star asterisk stern', '#': 'hash pound raute' }

const among = (words: string, word: string): boolean => words.split(' ').includes(word)

/** `two`, `zwei` as 2, `1,5` as 1.5; undefined when it is no number. */
function numberIn(word: string): number | undefined {
  const n = numbers.findIndex((words) => among(words, word))
  if (n >= 0) return n
  return /^\d+(?:[.,]\d+)?$/.test(word) ? Number(word.replace(',', '.')) : undefined
}

/** `10 min`, `1,5s`, `5sec`, `zwei Minuten` as they are written in a flow: `10m`, `1.5s`, `5s`, `2m`. */
export function timeMeant(text: string): string | undefined {
  if (text.length > 40) return undefined
  const parts = partsOfTime(text)
  if (parts !== undefined) return parts
  const [, count = '', name = ''] = /^([\d.,]+|\p{L}+)\s*(\p{L}+)\.?$/u.exec(text.trim().toLowerCase()) ?? []
  const n = numberIn(count)
  const unit = Object.keys(units).find((one) => one === name || among(units[one]!, name))
  return n === undefined || unit === undefined ? undefined : `${n}${unit}`
}

/** `1m30s`, `1h 30m` in the smaller of their units: `90s`, `90m`. */
function partsOfTime(text: string): string | undefined {
  const [whole, hours, minutes, seconds] = /^(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?$/i.exec(text.trim()) ?? []
  if (!whole || [hours, minutes, seconds].filter((part) => part !== undefined).length < 2) return undefined
  const all = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  return seconds === undefined ? `${all / 60}m` : `${all}s`
}

/** The key that is meant by `03`, `one`, `star`. */
export function keyMeant(text: string): string | undefined {
  const word = text.trim().toLowerCase()
  const n = numberIn(word)
  if (n !== undefined && n <= 9 && Number.isInteger(n)) return String(n)
  const named = Object.keys(keys).find((key) => among(keys[key]!, word))
  return named === undefined ? undefined : `"${named}"`
}

/** `1800-FLOWERS` in the digits that are dialled for it. Source: ITU-T E.161, the letters on the keys. */
export const digitsMeant = (number: string): string =>
  number.replaceAll(/[A-Z]/g, (letter) => '22233344455566677778889999'['ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(letter)]!)
