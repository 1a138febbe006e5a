import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { heardInWords, summed, wordsOf, type WordsOf } from '../../cli/prompts-heard.ts'
import { nothingBeside } from '../../engine/language/beside.ts'
import { checkFlow } from '../../engine/language/check.ts'
import type { HeardCount } from '../../engine/journal/reader.ts'

/** Rows as the journal counts them: `end 0 145`, `key 41 963` for 963 in the tenth of a second from 4.1 s on. */
const counts = (about: { step: string; language?: string; texts?: string[]; of?: number | null }, ...rows: string[]): HeardCount[] =>
  rows.map((row) => {
    const [how, tenth, count] = row.split(' ')
    const { step, language = 'en', texts = [step], of = 12_000 } = about
    return { hotline: 'clinic', step, language, texts, of, how: how as HeardCount['how'], tenth: Number(tenth), count: Number(count) }
  })

const menu = ['main', 'main/keys/1', 'main/keys/2']
const words: WordsOf = (_hotline, language, name) =>
  ({
    'main': 'You have reached the clinic of the city of Canberra. Please choose one of the following.',
    'main/keys/1': 'For a new booking, press 1.',
    'main/keys/2': 'For all other matters, press 2.',
    'notice': 'Calls may be recorded so that we can learn from them, as our terms say, which you find on the web.',
    'welcome': language === 'de' ? 'Willkommen.' : 'Welcome.',
  })[name]

const all = [
  ...counts({ step: 'welcome', of: 900 }, 'end 0 990', 'hang-up 4 10'),
  ...counts({ step: 'main', texts: menu }, 'end 0 145', 'key 30 100', 'key 88 800', 'key 95 63', 'hang-up 29 60', 'hang-up 31 61'),
  ...counts({ step: 'notice', of: 7000 }, 'end 0 10', 'key 5 90'),
  ...counts({ step: 'slots', language: 'de', texts: ['slots', 'slots/keys/1'] }, 'end 0 30', 'key 50 11', 'stopped 0 2', 'failed 0 1'),
  ...counts({ step: 'rare', of: 9000 }, 'key 20 3'),
  ...counts({ step: 'shown', of: null }, 'end 0 2'),
]

describe('callwright prompts --heard', () => {
  it('sums up what was heard of each prompt', () => {
    const main = summed(all).find(({ step }) => step === 'main')!
    assert.deepEqual(
      [main.played, main.toTheEnd, main.keyed, main.keyedWithin, main.hungUp, main.hungUpWithin, main.of],
      [1229, 145, 963, 8800, 121, 3100, 12_000],
    )
  })

  it('puts what is worst on top, and says it so that anybody understands it', () => {
    const told = `${heardInWords(summed(all), words, 7)}\n`
    if (process.env.UPDATE) writeFileSync('test/cli/prompts-heard.txt', told)
    assert.equal(told, readFileSync('test/cli/prompts-heard.txt', 'utf8'))
  })

  it('says what docs/admins/monitoring.md shows', () => {
    const shown = readFileSync('docs/admins/monitoring.md', 'utf8').match(/(?<=For instance:\n\n)(?: {4}.*\n)+/)![0].replaceAll(/^ {4}/gm, '')
    assert.ok(readFileSync('test/cli/prompts-heard.txt', 'utf8').includes(`\n${shown}\n`), shown)
  })

  it('shows the words of the flow, values by their names', () => {
    const { compiled, mistakes } = checkFlow(`hotline: Bill
numbers: ["300"]
queues: { desk: { said: the desk } }
start: bill
steps:
  bill: { say: "It is {{ now | time }} now.", next: bye }
  bye: { say: Goodbye., next: desk }
  desk: { queue: desk }
`, { name: 'bill', file: 'bill.yaml', env: {}, beside: nothingBeside })
    const shown = wordsOf([{ name: 'bill', ...(compiled ? { compiled } : {}) }])
    assert.deepEqual(mistakes, [])
    assert.deepEqual(['bill', 'bye', 'none'].map((name) => shown('bill', 'en', name)), ['It is [now] now.', 'Goodbye.', undefined])
  })

  it('says so when nothing was heard', () => assert.match(heardInWords([], words, 7), /^No prompt has been heard yet/))
})
