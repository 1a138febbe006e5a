// The program as JavaScript, so that an engine that was killed is back soon. Plain JavaScript: it runs before the rest.
import { createHash } from 'node:crypto'
import {
  chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync,
  rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cachedDataVersionTag } from 'node:v8'
import vm from 'node:vm'
import zlib from 'node:zlib'
import { sourcesOf } from './sources.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules/.cache/callwright')
const folders = ['cli', 'console', 'engine', 'rehearsal', 'telephony']
/** What has not been used for so long is removed. Milliseconds. */
const unusedFor = 7 * 86_400_000
/** Milliseconds. What has not been finished for so long never will be. */
const [longestWarmUp, unfinishedFor] = [3000, 3_600_000]
/** What is made; what V8 has made of it, code that need not be read and understood once more; and the sums of both. */
const [program, understood, sums] = ['main.cjs', 'main.v8', 'main.sums']

/**
 * The program, compiled with the packages it uses and loaded: made once for each state of its sources. Loading some two
 * hundred files of TypeScript and as many of packages one by one takes many times as long. Undefined when it is not
 * there and cannot be made, as in a folder that is read-only, or with a source that does not parse: then the files are
 * loaded.
 * @param {string} [kept] the folder for what is made
 * @returns {Promise<typeof import('./main.ts') | undefined>}
 */
export async function compiled(kept = cache) {
  try {
    const folder = join(kept, stateOf())
    const there = existsSync(folder) ? whole(folder) : undefined
    if (!there) return await compile(folder, kept)
    silently(() => utimesSync(folder, new Date(), new Date()))
    return load(folder, there).exports
  } catch {
    return undefined
  }
}

/**
 * What matters to those who come later alone: this one may not be allowed to write.
 * @param {() => void} run
 */
function silently(run) {
  try {
    run()
  } catch {
    // They see to it themselves.
  }
}

/** A name that changes with every change of a source or of a package, with the place of both, with Node, and with how V8 is told to work. */
function stateOf() {
  const state = createHash('sha256').update(`${root} ${process.version} ${process.arch} ${cachedDataVersionTag()}\n`)
  const within = (folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file)))
  const sources = folders.flatMap(within).filter((name) => /\.(ts|mjs)$/.test(name))
  for (const file of [...sources, 'package-lock.json'].sort()) {
    // Gone meanwhile, or the link with which an editor marks a file as its own.
    const { mtimeMs, size } = statSync(join(root, file), { throwIfNoEntry: false }) ?? {}
    state.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return state.digest('hex').slice(0, 20)
}

/** @typedef {{ text: Buffer, known?: Buffer }} Made the program, and what V8 has made of it */

/**
 * What lies in a folder, undefined when it is damaged: V8 itself does not notice, and crashes.
 * @param {string} folder
 * @returns {Made | undefined}
 */
export function whole(folder) {
  try {
    const [text, known] = [readFileSync(join(folder, program)), readFileSync(join(folder, understood))]
    return readFileSync(join(folder, sums), 'utf8') === sumsOf(text, known) ? { text, known } : undefined
  } catch {
    return undefined
  }
}

/** @param {Buffer[]} files */
const sumsOf = (...files) => files.map((file) => `${sum(file)} ${file.length}\n`).join('')
/** Against damage, not against anybody. Node 22.0 has no `crc32`. */
const sum = zlib.crc32 ?? ((file) => createHash('sha1').update(file).digest('hex'))

/**
 * Runs it as if it lay with the sources: its packages are found from there.
 * @param {string} folder
 * @param {Made} made
 */
export function load(folder, { text, known }) {
  const filename = join(root, 'cli', program)
  const script = new vm.Script(`(function (exports, require, module) {\n${text.toString('latin1')}\n})`, {
    filename,
    lineOffset: -1,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(known ? { cachedData: known } : {}),
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(filename), module)
  tellTraces(module.exports, folder)
  return { exports: module.exports, script }
}

const tellTraces = (exports, folder) => exports.tellTraces(sourcesOf({ filename: join(root, 'cli', program), map: join(folder, `${program}.map`), root }))

/**
 * @param {string} folder
 * @param {string} kept
 */
async function compile(folder, kept) {
  mkdirSync(kept, { recursive: true })
  const unfinished = mkdtempSync(join(kept, 'unfinished-'))
  try {
    const text = await bundle(unfinished)
    const { exports, script } = load(unfinished, { text })
    await warmUp(exports)
    const known = script.createCachedData()
    // What cannot be kept runs all the same. Another process may have been quicker.
    silently(() => {
      keep(unfinished, { [program]: text, [understood]: known, [sums]: sumsOf(text, known) })
      // Who installs Callwright may be another than who runs it.
      chmodSync(unfinished, 0o755)
      if (!whole(folder)) rmSync(folder, { recursive: true, force: true })
      renameSync(unfinished, folder)
    })
    tellTraces(exports, folder)
    return exports
  } finally {
    silently(() => rmSync(unfinished, { recursive: true, force: true }))
    silently(() => removeUnused(kept))
  }
}

/** What an engine needs at its start runs once, so that V8 keeps what it makes of it. Nothing of it may keep one from starting. */
async function warmUp(exports) {
  const pass = () => {}
  process.on('uncaughtException', pass)
  let timer
  const late = new Promise((resolve) => (timer = setTimeout(resolve, longestWarmUp)))
  await Promise.race([exports.warmUp().catch(pass), late])
  clearTimeout(timer)
  process.off('uncaughtException', pass)
}

/**
 * Files that are on the disk when this is done, whatever happens then.
 * @param {string} folder
 * @param {Record<string, string | Buffer>} files
 */
function keep(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content)
    chmodSync(join(folder, name), 0o644)
    const file = openSync(join(folder, name), 'r')
    fsyncSync(file)
    closeSync(file)
  }
}

/**
 * The program as one text of ASCII alone, which is read in a third of the time; its map is written into the folder.
 * @param {string} folder
 */
async function bundle(folder) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(root, 'cli/main.ts')], outfile: join(folder, program), absWorkingDir: root, bundle: true, write: false,
    format: 'cjs', platform: 'node', target: 'node20', sourcemap: 'external', sourcesContent: false,
    logLevel: 'silent', minifyWhitespace: true, charset: 'ascii', external: asInstalled, mainFields: ['module', 'main'], plugins: [inPlace],
  })
  const of = (name) => outputFiles.find(({ path }) => basename(path) === name).text
  keep(folder, { [`${program}.map`]: of(`${program}.map`) })
  // esbuild writes strings so, and leaves regular expressions as they are. Behind a backslash it would mean something else.
  if (/\\[^\0-\x7f]/.test(of(program))) throw new Error('a letter behind a backslash')
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return Buffer.from(of(program).replace(/[^\0-\x7f]/g, escaped), 'latin1')
}

/** @param {string} kept */
function removeUnused(kept) {
  for (const name of readdirSync(kept)) {
    const one = join(kept, name)
    const used = statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - used > (name.startsWith('unfinished-') ? unfinishedFor : unusedFor)) silently(() => rmSync(one, { recursive: true, force: true }))
  }
}

/** Packages with programs, native code or files of their own; all others become part of what is made. */
const asInstalled = [
  'better-sqlite3', 'esbuild', 'tsx', '@echogarden/espeak-ng-emscripten', '@hpcc-js/wasm-graphviz',
]

/** Says of a source that none of its lines is to be told in a trace; what is left to tell is read sooner. */
const untold = `//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64')}`

/** Files find what lies beside them where their source is. */
const inPlace = {
  name: 'in-place',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
    build.onLoad({ filter: /node_modules.*\.[cm]?js$/ }, ({ path }) => ({ contents: `${readFileSync(path, 'utf8')}\n${untold}`, loader: 'js' }))
  },
}
