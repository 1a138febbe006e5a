#!/usr/bin/env node
// Plain JavaScript, so that it runs before anything is installed.
import { ready } from '../cli/ready.mjs'

if (ready(['tsx', 'xstate', 'mocha', 'typescript'])) {
  const { register } = await import('tsx/esm/api')
  register()
  const { runAll } = await import('./run.ts')
  process.exitCode = await runAll(process.argv.slice(2))
} else process.exitCode = 2
