import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** An Asterisk that can be started from where it lies: in the system, or unpacked in a folder of its own. */
export interface Installation {
  /** Program and first arguments; Asterisk's own arguments follow. */
  command: string[]
  /** Folder of the loadable modules (`astmoddir`). */
  modules: string
  /** Folder with `documentation/`, without which most modules decline to load. */
  data: string
  /** What `asterisk -V` says, such as "Asterisk 22.10.1". */
  version: string
}

/**
 * Asterisk unpacked under `root`, run by its own loader and its own libraries,
 * so that it neither needs nor disturbs those of the machine. Undefined if there is none.
 */
export async function unpackedAt(root: string): Promise<Installation | undefined> {
  const program = join(root, 'usr/sbin/asterisk')
  if (!existsSync(program)) return undefined
  const libraries = libraryFolders(root)
  const loader = libraries.flatMap((folder) => entries(folder, /^ld-linux.*\.so\.\d+$/))[0]
  if (loader === undefined) return await described([program], root)
  return await described([loader, '--library-path', libraries.join(':'), program], root)
}

/** The Asterisk that a shell would start, with the folders next to it. Undefined if there is none. */
export async function installedOnPath(): Promise<Installation | undefined> {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  const program = folders.map((folder) => join(folder, 'asterisk')).find(existsSync)
  if (program === undefined) return undefined
  const prefix = dirname(dirname(program))
  return await described([program], prefix === '/usr' || prefix === '/' ? '/' : prefix)
}

async function described(command: string[], root: string): Promise<Installation> {
  const libraries = [...libraryFolders(root), join(root, 'usr/lib'), join(root, 'usr/lib64'), join(root, 'lib')]
  const modules = libraries
    .map((folder) => join(folder, 'asterisk/modules'))
    .find((folder) => existsSync(join(folder, 'chan_pjsip.so')))
  const data = ['usr/share/asterisk', 'var/lib/asterisk', 'share/asterisk']
    .map((folder) => join(root, folder))
    .find((folder) => existsSync(join(folder, 'documentation')))
  if (modules === undefined) throw new Error(`no asterisk/modules with chan_pjsip.so under ${root}: install asterisk-modules`)
  if (data === undefined) throw new Error(`no asterisk documentation folder under ${root}: Asterisk would decline most modules`)
  const [program = '', ...first] = command
  const { stdout } = await run(program, [...first, '-V'], { timeout: 20_000 })
  return { command, modules, data, version: stdout.trim() }
}

/** Debian keeps libraries in one folder per architecture, such as usr/lib/aarch64-linux-gnu. */
function libraryFolders(root: string): string[] {
  return entries(join(root, 'usr/lib'), /-linux-gnu/)
}

function entries(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((entry) => name.test(entry)).map((entry) => join(folder, entry))
}
