import { onlyValue, parseTemplate, type Piece } from '../expressions/template.ts'

/** Why an address or a body cannot be made, in words that name the expression and never its value. */
export type Refused = { refused: string }

/** The value of an expression now; may throw. */
export type ValueOf = (cel: string) => unknown

/** The longest address that is made and asked. Source: RFC 9110 §4.1 recommends that 8,000 octets be understood. */
export const longestUrl = 8_000
/** Levels of a body. */
const deepest = 32

/** A setting that the admin has made: the only values that may name a host. */
const setting = /^env\.[A-Za-z_]\w*$/
const noBase: Refused = {
  refused: 'the backend\'s address is not http:// or https:// with a host, without user, #, .. and blanks',
}

/** The settings of the admin that an address or a header is made of: `CLINIC_URL` of `{{ env.CLINIC_URL }}`. */
export const settingsIn = (template: string): string[] =>
  parseTemplate(template).pieces.flatMap((piece) => ('value' in piece && setting.test(piece.value) ? [piece.value.slice('env.'.length)] : []))

/**
 * The address of a backend, from its `url:`. Scheme, host and port are either written out, or come whole from one
 * setting of the admin (`{{ env.CLINIC_URL }}`, `{{ env.CLINIC_URL }}/v2`). No other value can be part of it.
 */
export function baseOf(template: readonly Piece[], value: ValueOf): string | Refused {
  let text = ''
  for (const [i, piece] of template.entries()) {
    if ('words' in piece) {
      if (i > 0 && isHostOpen(text) && !/^[/?]/.test(piece.words.trim()))
        return { refused: 'write / behind the setting that holds the backend\'s address' }
      text += piece.words
      continue
    }
    if (!setting.test(piece.value)) return refused(piece, 'cannot be part of a backend\'s address: only env can')
    if (i > 0 && isHostOpen(text))
      return refused(piece, 'cannot be a part of a host: let the setting hold the whole address, https://host')
    const put = i === 0 ? textOf(piece, value) : encoded(piece, value)
    if (put === '' || (typeof put !== 'string' && piece.way === undefined)) return refused(piece, 'is not set')
    if (typeof put !== 'string') return put
    text += put
  }
  // Said without the address: a setting can hold a password.
  return isPlainAddress(text.trim()) ? text.trim() : noBase
}

/**
 * The address of one request: what stands behind the backend's name (`slots?postcode={{ postcode }}`), put after the
 * backend's address. A value fills a part of one path segment or of the query and nothing else: `/`, `?`, `#`, `&`,
 * `%` and line ends in it are percent-encoded (RFC 3986 §2.1). Refused are values that leave a segment empty
 * (`bookings/{{ id }}` would be all bookings), and those that are a way up, also as `a/../b`: some servers decode `%2F`
 * before they look at dots.
 */
export function addressOf(base: string, template: readonly Piece[], value: ValueOf): string | Refused {
  if (!isPlainAddress(base)) return noBase
  const { segments, query } = partsOf(template)
  const path: string[] = []
  for (const segment of segments) {
    const text = joined(segment, value)
    if (typeof text !== 'string') return text
    const last = segment.findLast((piece) => 'value' in piece)
    if (text === '' && last) return refused(last, 'is empty, and is all that stands between two slashes')
    if (segment.some((piece) => 'value' in piece && goesUp(piece, value))) return refused(last!, 'holds a way up, ..')
    path.push(text)
  }
  const asked = joined(query, value)
  if (typeof asked !== 'string') return asked
  const [, front = '', own = ''] = /^([^?]*)(?:\?(.*))?$/.exec(base)!
  const whole = path.join('/') === '' ? front : `${front.replace(/\/$/, '')}/${path.join('/').replace(/^\//, '')}`
  const queries = [own, asked].filter((one) => one !== '').join('&')
  const address = queries === '' ? whole : `${whole}?${queries}`
  if (address.length > longestUrl) return { refused: `the address is longer than ${longestUrl} characters` }
  if (isPlainAddress(address)) return address
  return { refused: 'the address holds #, a backslash, a control character or a segment ..' }
}

/**
 * The JSON of a body. A text that is nothing but one `{{ }}` keeps the type of its value; in other texts values are put
 * in as text. Mappings have safe keys: `__proto__` is left out. Quoting is JSON.stringify's.
 */
export function bodyOf(template: unknown, value: ValueOf): { json: unknown } | Refused {
  try {
    return { json: filled(template, value, 0) }
  } catch (error) {
    if (error instanceof CannotFill) return { refused: error.message }
    throw error
  }
}

class CannotFill extends Error {}

function filled(template: unknown, value: ValueOf, depth: number): unknown {
  if (depth > deepest) throw new CannotFill(`the body is deeper than ${deepest} levels`)
  if (typeof template === 'string') return filledText(template, value, depth)
  if (Array.isArray(template)) return template.map((one) => filled(one, value, depth + 1))
  if (typeof template !== 'object' || template === null) return plain(template, depth)
  const entries = Object.entries(template).filter(([name]) => name !== '__proto__')
  return Object.fromEntries(entries.map(([name, one]) => [name, filled(one, value, depth + 1)]))
}

function filledText(template: string, value: ValueOf, depth: number): unknown {
  const only = onlyValue(template)
  if (only !== undefined) {
    const found = valueOf({ value: only, at: 0 }, value)
    if ('refused' in found) throw new CannotFill(found.refused)
    return plain(found.is, depth)
  }
  return parseTemplate(template).pieces.map((piece) => {
    const text = 'words' in piece ? piece.words : textOf(piece, value)
    if (typeof text !== 'string') throw new CannotFill(text.refused)
    return text
  }).join('')
}

/** A value as JSON can hold it. */
function plain(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new CannotFill(`the body is deeper than ${deepest} levels`)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1))
  if (typeof value !== 'object' || value === null) return null
  const entries = Object.entries(value).filter(([name]) => name !== '__proto__')
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one, depth + 1)]))
}

type ValuePiece = Extract<Piece, { value: string }>

const refused = (piece: ValuePiece, words: string): Refused => ({ refused: `{{ ${piece.value} }} ${words}` })

/** Splits what stands behind a backend's name at `/` and the first `?`, as far as those are written out. */
function partsOf(template: readonly Piece[]): { segments: Piece[][]; query: Piece[] } {
  const segments: Piece[][] = [[]]
  const query: Piece[] = []
  let inQuery = false
  for (const piece of template) {
    if (inQuery) query.push(piece)
    else if ('value' in piece) segments.at(-1)!.push(piece)
    else {
      const mark = piece.words.indexOf('?')
      const path = mark < 0 ? piece.words : piece.words.slice(0, mark)
      for (const [i, words] of path.split('/').entries()) {
        if (i > 0) segments.push([])
        segments.at(-1)!.push({ words })
      }
      inQuery = mark >= 0
      if (inQuery) query.push({ words: piece.words.slice(mark + 1) })
    }
  }
  return { segments, query }
}

function joined(pieces: readonly Piece[], value: ValueOf): string | Refused {
  let text = ''
  for (const piece of pieces) {
    const put = 'words' in piece ? piece.words.replaceAll(' ', '%20') : encoded(piece, value)
    if (typeof put !== 'string') return put
    text += put
  }
  return text
}

function encoded(piece: ValuePiece, value: ValueOf): string | Refused {
  const text = textOf(piece, value)
  return typeof text === 'string' ? encodeURIComponent(text) : text
}

/** A value as text; halves of characters, which cannot be encoded, become U+FFFD. */
function textOf(piece: ValuePiece, value: ValueOf): string | Refused {
  if (piece.way !== undefined)
    return { refused: `{{ ${piece.value} | ${piece.way} }}: ways of saying are for what is spoken` }
  const found = valueOf(piece, value)
  if ('refused' in found) return found
  const { is } = found
  if (is === null || is === undefined) return ''
  if (typeof is === 'string') return is.replaceAll(/\p{Surrogate}/gu, '\ufffd')
  if (is instanceof Date && !Number.isNaN(is.getTime())) return is.toISOString()
  if (typeof is === 'bigint' || typeof is === 'boolean' || Number.isFinite(is)) return String(is)
  const what = Array.isArray(is) ? 'a list' : typeof is === 'object' ? 'a mapping' : 'nothing that can be written'
  return refused(piece, `is ${what}, not a text or a number`)
}

function valueOf(piece: ValuePiece, value: ValueOf): { is: unknown } | Refused {
  try {
    return { is: value(piece.value) }
  } catch {
    return refused(piece, 'could not be computed')
  }
}

const dots = /^(?:\.|%2e){1,2}$/i

function goesUp(piece: ValuePiece, value: ValueOf): boolean {
  const text = textOf(piece, value)
  return typeof text === 'string' && text.split(/[/\\]/).some((part) => dots.test(part))
}

/** Whether what comes next would still be a part of the host. */
const isHostOpen = (text: string): boolean => !/^https?:\/\/[^/?#]+[/?]/i.test(text)

/** An address that the URL parser reads as it is written. */
function isPlainAddress(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  if (!/^https?:\/\/[^/?#]/i.test(text) || /[\u0000-\u0020\u007f\\#]/.test(text)) return false
  if (text.replace(/\?.*$/, '').split('/').some((segment) => dots.test(segment))) return false
  try {
    const { username, password } = new URL(text)
    return username === '' && password === ''
  } catch {
    return false
  }
}
