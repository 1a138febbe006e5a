import { checkFlow } from '../engine/language/check.ts'
import { compileFlow, type Compiled } from '../engine/language/compile.ts'
import { PROMPTS } from './prompts.ts'

/** The number that Callwright answers, and the one that the dialplan answers by itself. */
export const NUMBERS = { callwright: '700', dialplan: '701' } as const

const next = (i: number): number => (i + 1) % PROMPTS.length
const keyOf = (i: number): string => String(i + 1)

/** The key that the menu with this prompt takes. */
export const keyFor = keyOf

/** Menus in a ring, as an author writes them. */
export const ringYaml = `hotline: Ring of menus
numbers: ["${NUMBERS.callwright}"]
queues: { nobody: { said: nobody } }
start: ${PROMPTS[0]}
steps:
${PROMPTS.map((name, i) => `  ${name}:
    menu: { say: ${name}, keys: { ${keyOf(i)}: { go: ${PROMPTS[next(i)]} } }, tries: 9, otherwise: bye }`).join('\n')}
  bye: { queue: nobody }
`

/** The same ring, as an admin writes it by hand. `files`: the WAV files of the prompts. */
export const ringDialplan = (files: string[]): string => `[callwright-in](+)
exten => ${NUMBERS.dialplan},1,Answer()
${files.map((file, i) => ` same => n(m${i}),Read(KEY,${file.replace(/\.wav$/, '')},1,,1,5)
 same => n,GotoIf($["\${KEY}" = "${keyOf(i)}"]?m${next(i)}:m${i})`).join('\n')}
`

/** A flow's text, ready for calls. Throws its mistakes. */
export function compiled(yaml: string, name = 'bench'): Compiled {
  const { flow, mistakes } = checkFlow(yaml, { name, file: `${name}.yaml` })
  if (!flow) throw new Error(mistakes.map((mistake) => mistake.message).join('\n'))
  return compileFlow(flow)
}
