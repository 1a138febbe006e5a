import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'

/**
 * What voices have last told of themselves, by voice and language, kept beside the sounds: with it these are found while
 * a voice cannot tell, since it is not there. Shared by engines. A file that is gone or damaged is made anew.
 */
export class Identities {
  private readonly file: string
  private known: Record<string, string>

  constructor(folder: string) {
    this.file = join(folder, 'voices.json')
    this.known = this.read()
  }

  of(voice: string, language: string): string | undefined {
    return this.known[`${voice} ${language}`]
  }

  keep(voice: string, language: string, identity: string): void {
    if (this.of(voice, language) === identity) return
    this.known = { ...this.read(), ...this.known, [`${voice} ${language}`]: identity }
    const unfinished = `${this.file}.${randomBytes(6).toString('hex')}`
    try {
      fs.writeFileSync(unfinished, `${JSON.stringify(this.known, null, 2)}\n`)
      fs.renameSync(unfinished, this.file)
    } catch {
      // The disk is full: sounds cannot be kept either, and that is said.
      fs.rmSync(unfinished, { force: true })
    }
  }

  private read(): Record<string, string> {
    try {
      const read: unknown = JSON.parse(fs.readFileSync(this.file, 'utf8'))
      return Object.fromEntries(Object.entries(read ?? {}).filter(([, one]) => typeof one === 'string'))
    } catch {
      return {}
    }
  }
}
