import assert from 'node:assert/strict'
import type { Prompt } from '../../engine/call/effects.ts'
import { spokenMs } from '../../engine/saying/length.ts'

const english = (...texts: string[]): Prompt => texts.map((text) => ({ text, language: 'en' }))

describe('the time a prompt takes', () => {
  const cases: [string, Prompt, number][] = [
    ['150 words a minute', english('one two three four five'), 2000],
    ['digits said singly count', english('Number 4 7 1 1.'), 2000],
    ['digits of a number count', english('Number 4711.'), 2000],
    ['a time of day', english('9:30 a.m.'), 2000],
    ['never under half a second', english('Hi.'), 500],
    ['nothing to say', english(''), 500],
    ['a pause between parts', english('one two', 'three four'), 1800],
    ['a long compound is more than one word', [{ text: 'Terminbuchungsabteilung', language: 'de' }], 1200],
  ]
  for (const [name, prompt, ms] of cases) {
    it(name, () => assert.equal(spokenMs(prompt), ms))
  }
})
