import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Does once what an engine does at its start, for the sake of what V8 keeps of it (see compiled.mjs): nothing is opened,
 * written or said.
 */
export async function warmUp(): Promise<void> {
  await Promise.all([import('./run.ts'), import('../console/app.ts')])
  const { readHotlines } = await import('../engine/hotlines.ts')
  const flows = fileURLToPath(new URL('../flows', import.meta.url))
  if (!existsSync(flows)) return
  const { rehearseHotline } = await import('../rehearsal/rehearse.ts')
  // The conversations of one of them go through all that leads a call.
  const one = readHotlines(flows).find(({ compiled }) => compiled)
  if (one?.compiled) await rehearseHotline(one.name, one.file, one.compiled)
}
