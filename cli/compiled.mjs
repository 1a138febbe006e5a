// The program as JavaScript, so that an engine that was killed is back soon. Plain JavaScript: it runs before the rest.
import { createHash } from 'node:crypto'
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules/.cache/callwright')
const folders = ['cli', 'console', 'engine', 'rehearsal', 'telephony']
/** What has not been used for so long is removed. Milliseconds. */
const unusedFor = 7 * 86_400_000

/**
 * Where the program lies compiled, with the packages it uses, as a URL: made once for each state of its sources. Loading
 * some two hundred files of TypeScript and as many of packages one by one takes three times as long as loading this.
 * Undefined when it is not there and cannot be made, as in a folder that is read-only, or with a source that does not
 * parse: then the files are loaded.
 * @param {string} [kept] the folder for what is made
 * @returns {Promise<string | undefined>}
 */
export async function compiled(kept = cache) {
  const folder = join(kept, stateOf())
  const main = join(folder, 'main.js')
  try {
    if (!existsSync(main)) await compile(folder, kept)
    else silently(() => utimesSync(folder, new Date(), new Date()))
    return pathToFileURL(main).href
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

/** A name that changes with every change of a source or of a package. */
function stateOf() {
  const state = createHash('sha256')
  const within = (folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file)))
  const sources = folders.flatMap(within).filter((name) => name.endsWith('.ts'))
  for (const file of [...sources, 'package-lock.json'].sort()) {
    const { mtimeMs, size } = statSync(join(root, file))
    state.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return state.digest('hex').slice(0, 20)
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
      entryPoints: [join(root, 'cli/main.ts')], outdir: unfinished, absWorkingDir: root, bundle: true, splitting: true,
      format: 'esm', platform: 'node', target: 'node20', sourcemap: 'linked', sourcesContent: false, logLevel: 'silent', minifyWhitespace: true,
      external: asInstalled, mainFields: ['module', 'main'], banner: { js: requiring }, plugins: [inPlace],
    })
    // Who installs Callwright may be another than who runs it.
    chmodSync(unfinished, 0o755)
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error
  }
  for (const name of readdirSync(kept)) {
    const one = join(kept, name)
    const used = statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - used > unusedFor) silently(() => rmSync(one, { recursive: true, force: true }))
  }
}

/** Packages with programs, native code or files of their own; all others become part of what is made. */
const asInstalled = [
  'better-sqlite3', 'esbuild', 'pino', 'tsx', '@echogarden/espeak-ng-emscripten', '@hpcc-js/wasm-graphviz',
]

/** What packages in the old manner need to load parts of Node. */
const requiring = `import{createRequire as requireFrom}from'node:module';const require=requireFrom(${JSON.stringify(import.meta.url)});`

/** Files find what lies beside them where their source is. */
const inPlace = {
  name: 'in-place',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
  },
}
