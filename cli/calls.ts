import { openReader } from '../engine/journal/reader.ts'
import { callInShort, storyInWords, type Numbers } from './call-story.ts'
import { journalFile, readSettings } from './settings.ts'

export type CallsOptions = { numbers?: boolean; last: string }

/** `callwright calls`: the last calls, or the story of one. */
export function calls(id: string | undefined, options: CallsOptions): void {
  const most = Number(options.last)
  if (!Number.isInteger(most) || most < 1)
    throw new Error(`--last ${options.last} is not a number of calls: write for instance --last 50`)
  const numbers: Numbers = options.numbers ? 'whole' : 'masked'
  const journal = openReader(journalFile(readSettings()))
  try {
    if (id === undefined) {
      const newest = journal.newest(most)
      for (const call of newest.toReversed()) console.log(callInShort(call, numbers))
      if (newest.length === 0) console.log('No call is remembered.')
      return
    }
    const call = journal.call(id)
    if (!call) throw new Error(`no call ${id} is remembered; "callwright calls" lists the last ones`)
    console.log(storyInWords(call, journal.story(id), numbers, journal.heardIn(id)))
  } finally {
    journal.close()
  }
}
