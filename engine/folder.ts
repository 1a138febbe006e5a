import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { audioIn } from './audio-folder.ts'
import type { Beside } from './language/beside.ts'

/**
 * What lies beside a flow's file: the YAML files of its folder and of `translations/`, without those of tests, and the
 * recordings in `audio/`.
 */
export function besideOf(path: string, file: string): Beside {
  const folder = dirname(path)
  const names = [
    ...yamlIn(folder).filter((name) => name !== basename(path) && !/^tests(\.|$)/.test(name)),
    ...yamlIn(join(folder, 'translations')).map((name) => `translations/${name}`),
  ]
  const called = (name: string): string => join(dirname(file), name)
  return { names, text: (name) => textOf(join(folder, name)), called, ...audioIn(folder, called) }
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
