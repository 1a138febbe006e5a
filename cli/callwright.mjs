#!/usr/bin/env node
// Plain JavaScript, so that it runs before anything is installed.
import { ready } from './ready.mjs'

if (ready(['tsx', 'xstate'])) {
  const { compiled } = await import('./compiled.mjs')
  const program = await compiled()
  if (program) process.setSourceMapsEnabled(true)
  else (await import('tsx/esm/api')).register()
  const { main } = await import(program ?? './main.ts')
  await main(process.argv)
} else process.exitCode = 2
