import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { flowSchema } from '../engine/language/schema.ts'

/** `callwright schema`: the JSON Schema of a hotline's file, for an editor with a YAML language server. */
export function schema(options: { to?: string }): void {
  const text = `${JSON.stringify(flowSchema(), null, 2)}\n`
  if (options.to === undefined) process.stdout.write(text)
  else {
    writeFileSync(options.to, text)
    const fromFlow = relative('flows/NAME', options.to)
    console.log(`wrote ${options.to}; make this the first line of flows/NAME/hotline.yaml:`)
    console.log(`# yaml-language-server: $schema=${fromFlow}`)
  }
}
