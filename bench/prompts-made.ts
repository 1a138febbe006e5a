import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../engine/clock.ts'
import { checkFlow } from '../engine/language/check.ts'
import type { Compiled } from '../engine/language/compile.ts'
import { Espeak } from '../engine/voice/kinds/espeak.ts'
import { Voices } from '../engine/voice/voices.ts'
import { quiet } from '../test/quiet.ts'

// How long the prompts of a large hotline take to be made with espeak-ng: npx tsx bench/prompts-made.ts

const steps = 100

/** A hotline of so many menus in two languages, no two of which say the same. */
function hotline(): Compiled {
  const menu = (n: number): string => `
  step-${n}:
    menu:
      say:
        en: "This is desk number ${n} of the city. We help you with matter ${n}, its forms and its fees."
        de: "Hier ist die Stelle ${n} der Stadt. Wir helfen Ihnen bei der Sache ${n}, ihren Formularen und Gebühren."
      keys:
        1: { go: ${n < steps ? `step-${n + 1}` : 'agent'}, for: { en: the next desk, de: die nächste Stelle } }
        2: { go: agent, for: { en: a person, de: einen Menschen } }`
  const text = `
hotline: A hundred desks
numbers: ["100"]
languages: [en, de]
queues: { desk: { said: { en: the desk, de: die Stelle } } }
defaults: { input: { otherwise: agent } }
start: step-1
steps:${Array.from({ length: steps }, (_, n) => menu(n + 1)).join('')}
  agent: { queue: desk }
`
  const { compiled, mistakes } = checkFlow(text, { name: 'desks', file: 'desks.yaml' })
  if (!compiled) throw new Error(String(mistakes[0]))
  return compiled
}

/** Seconds, and how many prompts were made. */
async function start(folder: string, compiled: Compiled): Promise<{ seconds: number; made: number }> {
  const began = performance.now()
  const voices = new Voices({ voices: [new Espeak()], folder, clock: realClock, log: quiet })
  const { made, missing } = await voices.prepare(compiled.fixedPrompts)
  voices.close()
  if (missing[0]) throw new Error(`${missing.length} prompts are missing: ${missing[0].why}`)
  return { seconds: (performance.now() - began) / 1000, made }
}

const folder = mkdtempSync(join(tmpdir(), 'callwright-prompts-made-'))
try {
  const compiled = hotline()
  console.log(`${steps} steps, 2 languages, ${compiled.fixedPrompts.length} prompts, ${availableParallelism()} processors`)
  for (const which of ['first', 'second']) {
    const { seconds, made } = await start(folder, compiled)
    console.log(`${which} start: ${made} prompts made, all ready after ${seconds.toFixed(2)} s`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
