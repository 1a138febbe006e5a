import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { packFor } from '../../engine/saying/index.ts'
import { wasmVersion } from '../../engine/voice/espeak-wasm.ts'

/** Reads `[[language, text]]` from its input, and writes the sounds of each, in a process of its own as in a call. */
const program = `
  import load from '@echogarden/espeak-ng-emscripten'
  import { readFileSync } from 'node:fs'
  const worker = new (await load()).eSpeakNGWorker()
  let voice = ''
  console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(([language, text]) => {
    if (language !== voice) worker.set_voice(voice = language)
    return worker.synthesize_ipa(text).ipa
  })))
`

/** Texts as the ways give them or authors write them, and the words they must sound like. */
const pairs: [string, string, string][] = [
  ['en', '12 dollars and 50 cents', 'twelve dollars and fifty cents'],
  ['en', 'It costs $1,200.', 'It costs one thousand two hundred dollars.'],
  ['en', 'minus 3.05', 'minus three point zero five'],
  ['en', '1234567890', 'one billion 234 million 567 thousand 890'],
  ['en', 'plus 6 1, 2 5 5, 5 0 1, 2 3 4', 'plus six one, two five five, five zero one, two three four'],
  ['en', '1 hour and 30 minutes', 'one hour and thirty minutes'],
  ['en', 'K, W, 7, dash, A, at', 'kay, double you, seven, dash, eigh, at'],
  ['en', 'A B 1', 'eigh, bee one'],
  ['en', 'A umlaut, B', 'eigh umlaut, bee'],
  ['de', '12 Euro 50', 'zwölf Euro fünfzig'],
  ['de', 'Das kostet 12,50 €.', 'Das kostet zwölf Euro fünfzig.'],
  ['de', '1 Euro 5', 'ein Euro fünf'],
  ['de', 'plus 4 9, 3 0 5, 5 5 0', 'plus vier neun, drei null fünf, fünf fünf null'],
  ['de', 'minus 3,05', 'minus drei Komma null fünf'],
  ['de', 'eine Stunde und 30 Minuten', 'eine Stunde und dreißig Minuten'],
  ['de', 'in eine Stunde, seit 3 Tage', 'in einer Stunde, seit drei Tagen'],
  ['de', 'A Umlaut, at, Eszett', 'Ah Umlaut, ät, Eszett'],
]

describe('what espeak-ng makes of values', () => {
  const texts = pairs.flatMap(([language, text, like]) => [
    [language, packFor(language)?.aloud?.(text) ?? text],
    [language, like],
  ])
  let sounds: string[]

  before(function () {
    if (!wasmVersion()) this.skip()
    const ipa = execFileSync(process.execPath, ['--input-type=module', '-e', program], { input: JSON.stringify(texts) })
    // Without stress, joins and the space between words.
    sounds = (JSON.parse(ipa.toString()) as string[]).map((text) => text.replaceAll(/[ˈˌ_ ]/g, ''))
  })

  for (const [at, [language, text, like]] of pairs.entries()) {
    it(`${language}: ${text} sounds like ${like}`, () => assert.equal(sounds[at * 2], sounds[at * 2 + 1]))
  }
})
