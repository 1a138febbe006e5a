import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Beside } from './language/beside.ts'

/** What lies beside a flow's file: the YAML files of its folder and of `translations/`, without those of tests. */
export function besideOf(path: string, file: string): Beside {
  const folder = dirname(path)
  const names = [
    ...yamlIn(folder).filter((name) => name !== basename(path) && !/^tests(\.|$)/.test(name)),
    ...yamlIn(join(folder, 'translations')).map((name) => `translations/${name}`),
  ]
  return { names, text: (name) => textOf(join(folder, name)), called: (name) => join(dirname(file), name) }
}

function yamlIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.yaml') && statSync(join(folder, name)).isFile()).sort()
  } catch {
    return []
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
