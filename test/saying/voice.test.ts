import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { languages, packFor, ways } from '../../engine/saying/index.ts'
import { examplesSaid, inPieces, valueAloud } from '../../engine/saying/pieces.ts'
import { wasmVersion } from '../../engine/voice/kinds/espeak-wasm.ts'

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

function soundsOf(texts: [string, string][]): string[] {
  const ipa = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    input: JSON.stringify(texts), maxBuffer: 1e8,
  })
  return (JSON.parse(ipa.toString()) as string[]).map((text, i) => heard(text, texts[i]![0]))
}

/** Without stress, joins and the space between words, and with what nobody hears apart made the same. */
function heard(ipa: string, language: string): string {
  const plain = ipa.replaceAll(/[ˈˌ_\s-]/g, '').replaceAll('ɾ', 'r')
  // A weak "and"; vierzig with a long i and a soft f; quatre-vingts with a weak e; links from word to word.
  if (language === 'en') return plain.replaceAll(/(?<=d)(?:and|ən)(?=[a-zɔɪʊθ])/g, 'n')
  if (language === 'de') return plain.replaceAll(/[fv](?:iː|ɪ)r/g, 'fir').replaceAll(/ʊn[td]+/g, 'ʊnt').replaceAll('axth', 'axt')
  return plain.replaceAll(/katʁə?vɛ̃t?(?!ʁ)/g, 'katʁvɛ̃').replaceAll('œ̃n', 'œ̃').replaceAll(/sɛ̃k(?=mil|sɑ̃)/g, 'sɛ̃')
}

/** By language: texts as the ways give them or authors write them, and the words they must sound like. */
const sayings = parse(readFileSync(new URL('voice.yaml', import.meta.url), 'utf8')) as Record<string, Record<string, string>>

describe('what espeak-ng makes of what people write', () => {
  const pairs = Object.entries(sayings).flatMap(([language, all]) =>
    Object.entries(all).map(([text, like]): [string, string, string] => [language, text, like]),
  )
  let sounds: string[]
  before(function () {
    if (!wasmVersion()) this.skip()
    sounds = soundsOf(pairs.flatMap(([language, text, like]): [string, string][] => [
      [language, packFor(language)!.aloud!(text)],
      [language, like],
    ]))
  })

  for (const [at, [language, text, like]] of pairs.entries()) {
    it(`${language}: ${text} sounds like ${like}`, () => assert.equal(sounds[at * 2], sounds[at * 2 + 1]))
  }
})

describe('values put together from words spoken beforehand', () => {
  for (const language of languages) {
    it(`${language}: sound as the voice says them as a whole`, function () {
      if (!wasmVersion()) this.skip()
      this.timeout(30_000)
      const pack = packFor(language)!
      const aloud = ways.flatMap((way) => some(examplesSaid(pack, way)).map((said) => valueAloud(said, '', '', pack)!))
      const joined = aloud.map((text) => inPieces(text, pack.joining!)?.map((group) => group.join(' ')).join(', ') ?? `nothing of ${text}`)
      const sounds = soundsOf([...aloud, ...joined].map((text) => [language, text]))
      const [whole, together] = [sounds.slice(0, aloud.length), sounds.slice(aloud.length)]
      const other = aloud.flatMap((text, i) => (whole[i] === together[i] ? [] : [`${text} [${whole[i]}] put together: ${joined[i]} [${together[i]}]`]))
      assert.deepEqual(other, [])
      assert.ok(aloud.length > 150)
    })
  }

  it('are told apart from the words around them, or not put together', () => {
    assert.equal(valueAloud('4', 'in', 'days', {}), '4')
    // A voice that says of all that is written but one word: then nothing between the words is the value.
    assert.equal(valueAloud('4', 'one', 'one', { aloud: () => 'one' }), undefined)
    assert.equal(valueAloud('4', 'one', 'two', { aloud: (text) => text.replace('one 4 two', 'four') }), undefined)
  })

  /** Some thirty of each way, spread over all. */
  const some = (all: string[]): string[] => all.filter((_, i) => i % Math.max(1, Math.floor(all.length / 30)) === 0)
})
