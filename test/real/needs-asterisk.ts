import type { Context } from 'mocha'
import type { Installation } from '../asterisk/installation.ts'
import { provision } from '../asterisk/provision.ts'

let looked: ReturnType<typeof provision> | undefined

const look = (): ReturnType<typeof provision> => (looked ??= provision((line) => console.log(line)))

/** Whether there is an Asterisk for the tests. */
export const hasAsterisk = async (): Promise<boolean> => !('none' in (await look()))

/** The Asterisk for the tests; leaves those that need it out where none can be had. The run says so, and why, at its end. */
export async function needsAsterisk(test: Context): Promise<Installation> {
  const found = await look()
  return 'none' in found ? test.skip() : found
}
