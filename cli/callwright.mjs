#!/usr/bin/env node
// Plain JavaScript, so that it runs before anything is installed.
import { ready } from './ready.mjs'

if (ready(['tsx', 'xstate'])) {
  const { compiled } = await import('./compiled.mjs')
  const program = await compiled()
  if (!program) (await import('tsx/esm/api')).register()
  const { main } = program ?? await import('./main.ts')
  await main(process.argv)
} else process.exitCode = 2
