import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { toUSVString } from 'node:util'
import { Google, googleOptions } from '../../engine/voice/kinds/google.ts'
import { OpenAiSpeech, openAiSpeechOptions } from '../../engine/voice/kinds/openai-speech.ts'
import type { VoiceProvider } from '../../engine/voice/provider.ts'
import { wavOf } from '../../engine/sound/wav.ts'
import { hostileTexts } from './hostile.ts'
import { endless, later, SpeechServer } from './speech-server.ts'

const never = new AbortController().signal
const english = { language: 'en', pace: 1, signal: never }
const tone = Int16Array.from({ length: 8000 }, (_, n) => 8000 * Math.sin(n / 3))
const mp3 = readFileSync(new URL('files/mono.mp3', import.meta.url))

let server = new SpeechServer()
beforeEach(async () => {
  server = new SpeechServer()
  await server.open()
})
afterEach(() => server.close())

const openAi = (more: object = {}) =>
  new OpenAiSpeech({ name: 'kokoro', url: `${server.url}/v1/`, model: 'kokoro-82m', voices: { en: 'af_heart', de: 'martin' }, ...more })
const google = () => new Google({ name: 'google', host: server.url })

/** Whatever a server does, it costs nobody anything but the wish for a sound. */
const misbehaviour = (voice: () => VoiceProvider, most: RegExp) => {
  const answers: [what: string, answer: SpeechServer['answer'], why: RegExp][] = [
    ['fails', (response) => response.writeHead(500).end('secret text'), /^Error: the server answers 500$/],
    ['refuses the key', (response) => response.writeHead(401).end(), /^Error: the server answers 401; check its key$/],
    ['sends us elsewhere', (response) => response.writeHead(302, { location: '/other' }).end(), /^Error: the server sends us to another address; name that one$/],
    ['sends a web page', (response) => response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('<html>secret text</html>'), /^Error: the answer of the server is no use: it is a web page, not a sound$/],
    ['sends nothing', (response) => response.end(), /^Error: the answer of the server is no use: it is empty$/],
    ['sends zeros', (response) => response.end(Buffer.alloc(1000)), /no use: it is neither WAV, MP3, FLAC nor Ogg/],
    ['sends half', (response) => response.writeHead(200, { 'content-length': 5000 }).end(mp3, () => response.destroy()), /^Error: the server cannot be reached, or breaks off/],
    ['sends for ever', endless, most],
  ]
  for (const [what, answer, why] of answers) {
    it(`fails plainly when the server ${what}`, async () => {
      server.answer = answer
      await assert.rejects(voice().speak('secret text', english), (error) => {
        assert.match(String(error), why)
        assert.doesNotMatch(String(error), /secret/)
        return true
      })
      assert.equal(server.asked.length, 1, 'no redirect is followed, nothing is tried twice')
    })
  }

  it('leaves a server that hangs when the time is over', async () => {
    const { reached, gone } = server.hang()
    const limit = new AbortController()
    const late = assert.rejects(voice().speak('Hello.', { ...english, signal: limit.signal }), /^Error: the server takes too long$/)
    await reached
    limit.abort()
    await late
    await gone
    await assert.rejects(voice().speak('Hello.', { ...english, signal: limit.signal }), /the server takes too long/)
  })

  it('fails plainly when there is no server', async () => {
    const made = voice()
    await server.close()
    await assert.rejects(made.speak('Hello.', english), /^Error: the server cannot be reached, or breaks off \(ECONNREFUSED\)$/)
    await server.open()
  })
}

describe('a voice by openai-speech', () => {
  it('asks as that way of speaking has it', async () => {
    server.answer = (response) => response.end(wavOf(tone))
    const sound = await openAi().speak('Guten Tag.', { ...english, language: 'de-AT', pace: 0.9 })
    assert.deepEqual(sound, { samples: tone, rate: 8000 })
    const [{ method, url, headers, body }] = server.asked as [(typeof server.asked)[0]]
    assert.deepEqual([method, url.pathname, headers['content-type'], headers.authorization], ['POST', '/v1/audio/speech', 'application/json', undefined])
    assert.deepEqual(JSON.parse(body), { model: 'kokoro-82m', input: 'Guten Tag.', voice: 'martin', response_format: 'wav', speed: 0.9 })
  })

  it('takes whatever sound comes, not only the one it asked for', async () => {
    server.answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(mp3)
    const { samples, rate } = await openAi().speak('Hello.', english)
    assert.deepEqual([Math.round(samples.length / 80), rate], [26, 8000])
  })

  it('sends a key that is in the environment, and never says it', async () => {
    process.env.TEST_SPEECH_KEY = 'sk-very-secret'
    try {
      server.answer = (response, { headers }) => response.writeHead(headers.authorization === 'Bearer sk-very-secret' ? 500 : 401).end()
      const voice = openAi({ 'key-env': 'TEST_SPEECH_KEY' })
      await assert.rejects(voice.speak('Hello.', english), (error: Error) => /answers 500/.test(error.message) && !/secret/.test(JSON.stringify(error)))
      assert.doesNotMatch(voice.identity('en') ?? '', /secret/)
      delete process.env.TEST_SPEECH_KEY
      assert.equal(await voice.available(), 'its key is missing; set TEST_SPEECH_KEY in the environment')
    } finally {
      delete process.env.TEST_SPEECH_KEY
    }
  })

  it('is there when the server is, whatever that answers', async () => {
    const voice = openAi()
    for (const status of [200, 404, 500]) {
      server.answer = (response) => response.writeHead(status).end()
      assert.equal(await voice.available(), true)
    }
    server.answer = (response) => response.writeHead(401).end()
    assert.match(String(await voice.available()), /does not take its key/)
    await server.close()
    assert.match(String(await voice.available()), /cannot be reached, or breaks off \((ECONNREFUSED|UND_ERR_SOCKET)\); check that it runs at http/)
    await server.open()
  })

  it('knows what makes its sound without asking, and not where the server is', () => {
    assert.equal(openAi().identity('en-GB'), 'openai-speech kokoro-82m af_heart 1')
    assert.equal(openAi({ version: 2 }).identity('de'), 'openai-speech kokoro-82m martin 2')
    assert.equal(openAi().identity('fr'), undefined)
    assert.deepEqual(server.asked, [])
  })

  for (const text of [...hostileTexts, 'x'.repeat(100_000)]) {
    it(`says as text: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      server.answer = (response) => response.end(wavOf(tone))
      await openAi().speak(text, english)
      const { input, voice } = JSON.parse(server.asked[0]?.body ?? '') as Record<string, string>
      assert.deepEqual([toUSVString(input ?? ''), voice], [toUSVString(text), 'af_heart'])
      assert.equal(server.asked[0]?.headers['x-header'], undefined)
    })
  }

  it('is not listened to for longer than its text can last', async () => {
    server.answer = (response) => response.end(wavOf(new Int16Array(17 * 8000)))
    await assert.rejects(openAi().speak('Hello.', english), /^Error: the answer of the server is no use: it is longer than 16 s$/)
  })

  misbehaviour(openAi, /^Error: the server sends more than 5 MB$/)
})

describe('a voice by google', () => {
  beforeEach(() => {
    server.answer = (response) => response.end(mp3)
  })

  it('asks once for a short text, in the nearest language', async () => {
    const { samples, rate } = await google().speak('Guten Tag & willkommen.', { ...english, language: 'de-AT' })
    const [{ url }] = server.asked as [(typeof server.asked)[0]]
    assert.equal(url.pathname, '/translate_tts')
    assert.deepEqual([url.searchParams.get('q'), url.searchParams.get('tl'), url.searchParams.get('ttsspeed')], ['Guten Tag & willkommen.', 'de', '1'])
    assert.equal(rate, 8000)
    assert.ok(samples.length > 1500 && samples.length < 2200)
  })

  it('can only speak slowly or as usual', async () => {
    for (const pace of [0.7, 0.9]) await google().speak('Hello.', { ...english, pace })
    assert.deepEqual(server.asked.map(({ url }) => url.searchParams.get('ttsspeed')), ['0.24', '1'])
  })

  it('asks for a long text in parts, and joins them without a click or a long silence', async () => {
    const sentence = 'This is one sentence of some words, and no more. '
    const { samples } = await google().speak(sentence.repeat(12), english)
    const texts = server.asked.map(({ url }) => url.searchParams.get('q') ?? '')
    assert.deepEqual(texts.toSorted(), Array.from({ length: 3 }, () => sentence.repeat(4).trim()))
    let [silent, longest, step] = [0, 0, 0]
    for (const [n, sample] of samples.entries()) {
      silent = Math.abs(sample) < 50 ? silent + 1 : 0
      longest = Math.max(longest, silent)
      step = Math.max(step, Math.abs(sample - (samples[n - 1] ?? 0)))
    }
    assert.ok(longest >= 230 * 8 && longest <= 300 * 8, `${longest / 8} ms`)
    // The test sound is of 500 Hz at -17 dB: between two of its samples there are never more than 2,500.
    assert.ok(step < 2500, `a step of ${step}`)
  })

  it('takes no part that is longer than its text can last, before it has unpacked it', async () => {
    server.answer = (response) => response.end(readFileSync(new URL('files/fourteen-minutes.flac', import.meta.url)))
    await assert.rejects(google().speak('Hello.', english), /^Error: the answer of the server is no use: it is longer than 16 s$/)
  })

  it('gives up the other parts when one fails', async () => {
    let first = true
    const gone = later()
    server.answer = (response) => {
      if (first) response.on('close', gone.resolve)
      else response.writeHead(429).end()
      first = false
    }
    await assert.rejects(google().speak('Some words here. '.repeat(20), english), /the server answers 429: it is asked too often/)
    await gone.promise
  })

  it('knows its languages, and that another host sounds otherwise', () => {
    const voice = new Google({ name: 'google' })
    assert.deepEqual(['de-CH', 'en-AU', 'zh-TW', 'tlh'].map((language) => voice.identity(language)), ['google de', 'google en-AU', 'google zh-TW', undefined])
    assert.equal(google().identity('de'), `google de ${server.url}`)
  })

  for (const text of [...hostileTexts, 'x'.repeat(1000)]) {
    it(`says as text: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      await google().speak(text, english)
      const asked = server.asked.map(({ url }) => url)
      const said = asked.map(({ searchParams }) => searchParams.get('q') ?? '')
      assert.equal(said.toSorted((a, b) => text.indexOf(a) - text.indexOf(b)).join(''), toUSVString(text))
      for (const { pathname, searchParams } of asked) assert.deepEqual([pathname, searchParams.getAll('tl')], ['/translate_tts', ['en']])
    })
  }

  misbehaviour(google, /^Error: the server sends more than 2 MB$/)
})

describe('what an admin may write of a server', () => {
  const fine = { name: 'kokoro', url: 'http://127.0.0.1:8880/v1', model: 'kokoro', voices: { en: 'af_heart' } }
  const wrong: [what: string, change: object, message: RegExp][] = [
    ['no address', { url: 'localhost' }, /must be an address/],
    ['a file', { url: 'file:///etc/passwd' }, /must be an address/],
    ['a password in the address', { url: 'http://me:secret@host/v1' }, /no password/],
    ['the key itself', { 'key-env': 'sk-123' }, /environment variable, not the key itself/],
    ['no voices', { voices: {} }, /must name a voice for each language/],
    ['a language that is none', { voices: { '--help': 'x' } }, /./],
    ['a number as time', { timeout: 5 }, /must be a time with its unit; write for instance 10s/],
    ['a time of a day', { timeout: '1d' }, /from 100ms to 2m/],
    ['a field that there is not', { speed: 2 }, /^url model voices key-env/],
  ]
  it('is taken when it is right', () => assert.equal(openAiSpeechOptions.parse({ ...fine, timeout: '3s' }).timeout, 3000))
  for (const [what, change, message] of wrong) {
    it(`is refused when it is ${what}`, () => {
      const { error } = openAiSpeechOptions.safeParse({ ...fine, ...change })
      assert.match(error?.issues[0]?.message ?? 'no error', message)
    })
  }
  it('needs nothing but a name for google', () => assert.equal(googleOptions.parse({ name: 'google' }).timeout, 8000))
})
