import type { Context } from 'mocha'
import { provision } from '../asterisk/provision.ts'

let looked: ReturnType<typeof provision> | undefined

/** Leaves out tests that need an Asterisk where none can be had. The run says so, and why, at its end. */
export async function needsAsterisk(test: Context): Promise<void> {
  looked ??= provision((line) => console.log(line))
  if ('none' in (await looked)) test.skip()
}
