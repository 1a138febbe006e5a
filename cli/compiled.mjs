// The program as JavaScript, so that an engine that was killed is back soon. Plain JavaScript: it runs before the rest.
import { createHash } from 'node:crypto'
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { sourcesOf } from './sources.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules/.cache/callwright')
const folders = ['cli', 'console', 'engine', 'rehearsal', 'telephony']
/** What has not been used for so long is removed. Milliseconds. */
const unusedFor = 7 * 86_400_000
/** What is made, and what V8 has made of it: code that need not be read and understood once more. */
const [program, understood] = ['main.cjs', 'main.v8']

/**
 * The program, compiled with the packages it uses and loaded: made once for each state of its sources. Loading some two
 * hundred files of TypeScript and as many of packages one by one takes five times as long. Undefined when it is not
 * there and cannot be made, as in a folder that is read-only, or with a source that does not parse: then the files are
 * loaded.
 * @param {string} [kept] the folder for what is made
 * @returns {Promise<typeof import('./main.ts') | undefined>}
 */
export async function compiled(kept = cache) {
  const folder = join(kept, stateOf())
  try {
    if (!existsSync(folder)) return await compile(folder, kept)
    silently(() => utimesSync(folder, new Date(), new Date()))
    return load(folder).exports
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

/** A name that changes with every change of a source or of a package, and with Node. */
function stateOf() {
  const state = createHash('sha256').update(`${process.version} ${process.arch}\n`)
  const within = (folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file)))
  const sources = folders.flatMap(within).filter((name) => /\.(ts|mjs)$/.test(name))
  for (const file of [...sources, 'package-lock.json'].sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    state.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return state.digest('hex').slice(0, 20)
}

/**
 * Runs what lies in a folder, as if it lay with the sources: its packages are found from there.
 * @param {string} folder
 */
function load(folder) {
  const filename = join(root, 'cli', program)
  const known = join(folder, understood)
  const script = new vm.Script(`(function (exports, require, module) {${readFileSync(join(folder, program), 'latin1')}\n})`, {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(existsSync(known) ? { cachedData: readFileSync(known) } : {}),
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(filename), module)
  module.exports.tellTraces(sourcesOf({ filename, map: join(folder, `${program}.map`), root }))
  return { exports: module.exports, script }
}

/**
 * @param {string} folder
 * @param {string} kept
 */
async function compile(folder, kept) {
  const { build } = await import('esbuild')
  mkdirSync(kept, { recursive: true })
  const unfinished = mkdtempSync(join(kept, 'unfinished-'))
  try {
    await build({
      entryPoints: [join(root, 'cli/main.ts')], outfile: join(unfinished, program), absWorkingDir: root, bundle: true,
      format: 'cjs', platform: 'node', target: 'node20', sourcemap: 'external', sourcesContent: false,
      logLevel: 'silent', minifyWhitespace: true, charset: 'ascii', external: asInstalled, mainFields: ['module', 'main'], plugins: [inPlace],
    })
    const { exports, script } = load(unfinished)
    // What an engine needs at its start has then run once, and V8 keeps what it made of it.
    await exports.warmUp()
    writeFileSync(join(unfinished, understood), script.createCachedData())
    // Who installs Callwright may be another than who runs it.
    chmodSync(unfinished, 0o755)
    renameSync(unfinished, folder)
    return exports
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error
    return load(folder).exports
  } finally {
    removeUnused(kept)
  }
}

/** @param {string} kept */
function removeUnused(kept) {
  for (const name of readdirSync(kept)) {
    const one = join(kept, name)
    const used = statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - used > unusedFor) silently(() => rmSync(one, { recursive: true, force: true }))
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
