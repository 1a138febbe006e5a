/** More than this nobody writes down, and no booking code and few addresses are longer. */
export const mostSigns = 60

/**
 * Letters and digits one by one, a comma after each, so that a voice pauses and takes the `A` for no article:
 * `K, W, 7, dash, 3`. Capital and small letters are said alike, spaces are only layout. `names` are those of signs
 * (`-`), of letters that need one (`ß`), and of accents as Unicode sets them apart: `\u0308`, said after its letter.
 * Undefined for what is not text or a whole number, holds a sign without a name, or is longer than 60 signs.
 */
export function spelled(value: unknown, names: Record<string, string>): string | undefined {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value)
  const text = typeof value === 'string' ? value : whole && Number(value) >= 0 ? String(value) : ''
  if (text.length > mostSigns * 4) return undefined
  const signs = [...text.normalize('NFC').replace(/\s+/g, '')]
  const said = signs.map((sign) => nameOf(sign, names))
  if (signs.length === 0 || signs.length > mostSigns || said.includes(undefined)) return undefined
  return said.join(', ')
}

function nameOf(sign: string, names: Record<string, string>): string | undefined {
  const own = named(sign, names)
  if (own !== undefined || /\d/.test(sign)) return own ?? sign
  if (!/\p{L}/u.test(sign)) return undefined
  const [letter = '', ...accents] = sign.normalize('NFD')
  const after = accents.map((accent) => named(accent, names))
  return after.includes(undefined) ? capital(sign) : [capital(letter), ...after].join(' ')
}

const named = (sign: string, names: Record<string, string>): string | undefined =>
  Object.hasOwn(names, sign) ? names[sign] : undefined

/** As it is where the capital is more than one letter. */
function capital(letter: string): string {
  const upper = letter.toUpperCase()
  return [...upper].length === 1 ? upper : letter
}
