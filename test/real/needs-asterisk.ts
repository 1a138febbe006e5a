import type { Context } from 'mocha'
import { provision } from '../asterisk/provision.ts'

let looked: ReturnType<typeof provision> | undefined

/** Whether there is an Asterisk for the tests. */
export async function hasAsterisk(): Promise<boolean> {
  looked ??= provision((line) => console.log(line))
  return !('none' in (await looked))
}

/** Leaves out tests that need an Asterisk where none can be had. The run says so, and why, at its end. */
export async function needsAsterisk(test: Context): Promise<void> {
  if (!(await hasAsterisk())) test.skip()
}
