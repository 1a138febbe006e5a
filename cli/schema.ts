import { writeFileSync } from 'node:fs'
import { flowSchema } from '../engine/language/schema.ts'

/** `callwright schema`: the JSON Schema of a hotline's file, for an editor with a YAML language server. */
export function schema(options: { to?: string }): void {
  const text = `${JSON.stringify(flowSchema(), null, 2)}\n`
  if (options.to === undefined) process.stdout.write(text)
  else {
    writeFileSync(options.to, text)
    console.log(`wrote ${options.to}; first line of a flow:  # yaml-language-server: $schema=PATH/${options.to}`)
  }
}
