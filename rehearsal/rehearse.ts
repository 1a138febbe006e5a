import type { Compiled } from '../engine/language/compile.ts'
import type { FlowError } from '../engine/language/mistakes.ts'
import { converse, type Conversation, type Failure } from './conversation.ts'
import { coverageOf, Walked, type Coverage } from './coverage.ts'
import { readTestFile, testFiles } from './read.ts'
import { SimulatedCaller } from './simulated.ts'
import { noAnswer, type Stub } from './stubs.ts'

/** What came of a test. `ms`: real time; `unused`: answers of backends that nobody has asked for. */
export type Result = { file: string; conversation: Conversation; ms: number; failure?: Failure; unused?: Stub[] }

/** What came of the tests of a hotline. */
export type Rehearsal = {
  name: string
  files: string[]
  mistakes: FlowError[]
  results: Result[]
  /** Only when all tests were run. */
  coverage?: Coverage
  ms: number
}

/** Has the conversations take place on the simulator, one after the other. */
export async function rehearseAll(
  compiled: Compiled,
  file: string,
  conversations: Conversation[],
  walked = new Walked(),
): Promise<Result[]> {
  const results: Result[] = []
  for (const conversation of conversations) {
    const began = performance.now()
    const caller = await SimulatedCaller.dial(compiled, conversation, (note) => walked.noted(note))
    const failure = await talk(conversation, caller)
    const { unused } = caller.asking
    const ms = performance.now() - began
    results.push({ file, conversation, ms, ...(failure ? { failure } : unused.length > 0 ? { unused } : {}) })
  }
  return results
}

/** Has one conversation take place on the simulator. */
export const rehearse = async (compiled: Compiled, conversation: Conversation): Promise<Failure | undefined> =>
  talk(conversation, await SimulatedCaller.dial(compiled, conversation))

/** A request without an answer is most often why a test fails, if there was one. */
async function talk(conversation: Conversation, caller: SimulatedCaller): Promise<Failure | undefined> {
  const failure = await converse(conversation, caller)
  const [unknown] = caller.asking.unknown
  return failure && unknown !== undefined
    ? { ...failure, reason: `${failure.reason}; ${noAnswer(unknown)}` }
    : failure
}

/** Runs the tests beside a hotline; with `grep`, those whose name holds it, capitals or not. */
export async function rehearseHotline(
  name: string,
  hotlineFile: string,
  compiled: Compiled,
  grep?: string,
): Promise<Rehearsal> {
  const began = performance.now()
  const walked = new Walked()
  const rehearsal: Rehearsal = { name, files: testFiles(hotlineFile), mistakes: [], results: [], ms: 0 }
  for (const file of rehearsal.files) {
    const { conversations, mistakes } = readTestFile(file, compiled.flow)
    rehearsal.mistakes.push(...mistakes)
    const chosen = conversations.filter(
      ({ test }) => grep === undefined || test.toLowerCase().includes(grep.toLowerCase()),
    )
    rehearsal.results.push(...(await rehearseAll(compiled, file, chosen, walked)))
  }
  if (grep === undefined) rehearsal.coverage = coverageOf(compiled.flow, walked)
  rehearsal.ms = performance.now() - began
  return rehearsal
}
