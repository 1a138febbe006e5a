import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** So many conversations go through nearly all that leads a call. */
const enough = 10

/**
 * Does once what an engine does at its start, for the sake of what V8 keeps of it (see compiled.mjs): nothing is opened,
 * written or said.
 */
export async function warmUp(): Promise<void> {
  await Promise.all([import('./run.ts'), import('../console/app.ts')])
  const { readHotlines } = await import('../engine/hotlines.ts')
  const flows = fileURLToPath(new URL('../flows', import.meta.url))
  if (!existsSync(flows)) return
  const { readTestFile, testFiles } = await import('../rehearsal/read.ts')
  const { rehearseAll } = await import('../rehearsal/rehearse.ts')
  for (const { file, compiled } of readHotlines(flows)) {
    const [tests] = testFiles(file)
    if (!compiled || tests === undefined) continue
    await rehearseAll(compiled, tests, readTestFile(tests, compiled.flow).conversations.slice(0, enough))
    return
  }
}
