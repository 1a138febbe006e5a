// What must be there before Callwright can run: the right Node, and the packages. Plain JavaScript, no packages.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * Installs the packages when one of `needed` is missing or something is installed in another version than locked.
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

/**
 * What is installed is compared by what the lock file says, not by time: a checkout or an image may give any times.
 * @param {string[]} needed
 */
function installed(needed) {
  if (!needed.every((name) => existsSync(join(root, 'node_modules', name)))) return false
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const there = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages
    return Object.entries(there).every(([path, { version }]) => wanted[path]?.version === version)
      && needed.every((name) => there[`node_modules/${name}`])
  } catch {
    return false
  }
}
