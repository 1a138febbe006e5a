// What must be there before Callwright can run: the right Node, and the packages. Plain JavaScript, no packages.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * Installs the packages when one of `needed` is missing or package-lock.json is newer than what is installed.
 * Answers whether all is there; says what to do when not.
 * @param {string[]} needed
 * @returns {boolean}
 */
export function ready(needed) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Callwright needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
    return false
  }
  if (installed(needed)) return true
  console.error('Installing packages (once, about 20 s) ...')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (status === 0 && installed(needed)) return true
  console.error(`The packages could not be installed${error ? ` (${error.message})` : ''}: see above; try "npm ci" by hand.`)
  return false
}

/** @param {string[]} needed */
function installed(needed) {
  const mark = join(root, 'node_modules', '.package-lock.json')
  return existsSync(mark)
    && statSync(mark).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs - 1000
    && needed.every((name) => existsSync(join(root, 'node_modules', name)))
}
