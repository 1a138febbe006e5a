import { isDeepStrictEqual } from 'node:util'
import type { Left, Told } from '../engine/call/effects.ts'
import { sameNumber } from '../engine/language/flow.ts'
import { plainWords, type LeftSaid } from './conversation.ts'

/** What people are told, as a test says it: the name of a recording, which nobody knows beforehand, is `recording`. */
export const toldInTests = (tell: Told): Told =>
  Object.fromEntries(
    Object.entries(tell).map(([name, value]) => [name, nameInTests.test(value) ? 'recording' : value]),
  )

const nameInTests = /^test-\d+-\d+-[0-9a-z]+-\d+$/

/** What callers can leave. */
export const leftKinds = ['voicemail', 'callback', 'survey', 'message'] as const

/** What can be said in a test of each. */
export const leftFields: Record<Left['kind'], (keyof LeftSaid)[]> = {
  voicemail: ['box', 'tell'],
  callback: ['queue', 'number', 'tell'],
  survey: ['score'],
  message: ['to', 'text'],
}

/** Whether what a caller has left is what a test says. Of a text some of the words are enough. */
export function isLeft(left: Left, said: LeftSaid): boolean {
  return (
    left.kind === said.kind &&
    leftFields[left.kind].every((field) => {
      const [found, wanted] = [(left as LeftSaid)[field], said[field]]
      if (wanted === undefined) return true
      if (field === 'text') return plainWords(String(found)).includes(plainWords(String(wanted)))
      if (field === 'number' || field === 'to') return sameNumber(String(found), String(wanted))
      if (typeof found === 'object') return isDeepStrictEqual(toldInTests(found), { ...(wanted as Told) })
      return found === wanted
    })
  )
}

/** What a caller has left, as a test says it. */
export const leftSaid = (left: Left): LeftSaid =>
  ({ kind: left.kind, ...Object.fromEntries(fieldsOf(left)) }) as LeftSaid

const fieldsOf = (left: Left | LeftSaid): [keyof LeftSaid, unknown][] =>
  leftFields[left.kind].flatMap((field) => {
    const given = (left as LeftSaid)[field]
    const value = typeof given === 'object' ? toldInTests(given) : given
    const isNothing = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
    return isNothing ? [] : [[field, value] as [keyof LeftSaid, unknown]]
  })

/** What a caller has left, in words: `a callback: queue desk, number +61255501234`. */
export function leftInWords(left: Left | LeftSaid): string {
  const fields = fieldsOf(left).map(
    ([field, value]) => `${field} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  )
  return `a ${left.kind}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`
}
