#!/usr/bin/env node
// Plain JavaScript, so that it runs before anything is installed.
import { ready } from './ready.mjs'

if (ready(['tsx', 'xstate'])) {
  const { register } = await import('tsx/esm/api')
  register()
  const { main } = await import('./main.ts')
  await main(process.argv)
} else process.exitCode = 2
