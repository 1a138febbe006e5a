import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'

/** The folders that hold the program; tests and measurements may import from all of them. */
const program = ['engine', 'telephony', 'rehearsal', 'console', 'cli']
const code = [...program, 'test', 'bench'].filter(existsSync).flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|js)$/.test(file))
    .map((file) => join(folder, file)),
)

/**
 * Who may import whom, folder by folder: a folder with all below it (`engine/`), a folder's own files (`engine/*`), or
 * a file. `type` before it: only types. Whatever lies in the same folder may always be imported.
 */
const mayImport: Record<string, string[]> = {
  engine: ['engine/'],
  'engine/expressions': ['engine/*'],
  'engine/saying': ['engine/*', 'type engine/call/effects.ts'],
  'engine/steps': ['engine/*', 'engine/expressions/', 'engine/saying/', 'type engine/call/'],
  'engine/language': [
    'engine/*',
    'engine/steps/',
    'engine/expressions/',
    'engine/saying/',
    'engine/call/',
    'engine/behaviour/behaviour.ts',
    'engine/backends/',
  ],
  'engine/backends': ['engine/*', 'engine/expressions/'],
  'engine/picture': ['engine/*', 'engine/language/', 'engine/steps/', 'engine/expressions/', 'engine/saying/'],
  'engine/behaviour': [
    'engine/*',
    'engine/backends/',
    'engine/expressions/',
    'engine/saying/',
    'engine/language/speech.ts',
    'type engine/language/flow.ts',
    'type engine/call/',
    'engine/call/context.ts',
    'type engine/steps/',
  ],
  'engine/call': ['engine/*', 'engine/saying/length.ts', 'engine/journal/journal.ts', 'type engine/journal/store.ts', 'engine/language/step-names.ts', 'type engine/language/compile.ts', 'type engine/language/flow.ts'],
  'engine/journal': ['engine/*', 'type engine/call/'],
  'engine/health': ['engine/*', 'type engine/call/', 'type engine/journal/'],
  'engine/sound': ['engine/*', 'engine/saying/'],
  'engine/voice': ['engine/sound/', 'engine/*', 'type engine/call/effects.ts', 'engine/saying/'],
  telephony: [
    'engine/errors.ts',
    'type engine/survival.ts',
    'type engine/ports.ts',
    'type engine/call/events.ts',
    'type engine/call/effects.ts',
    'engine/saying/length.ts',
    'engine/survival.ts',
    'engine/voice/probe.ts',
    'type engine/language/flow.ts',
  ],
  console: ['engine/', 'type telephony/simulator.ts'],
  // Conversations need a telephone: the one in memory.
  rehearsal: ['engine/', 'telephony/simulator.ts'],
  cli: ['engine/', 'telephony/', 'rehearsal/', 'console/'],
  test: ['engine/', 'telephony/', 'rehearsal/', 'console/', 'cli/'],
  bench: ['engine/', 'telephony/', 'rehearsal/', 'console/', 'cli/', 'test/'],
}

type Import = { from: string; to: string; type: boolean }

/** Everything that is imported, but what stands in comments and texts over several lines. */
const imports: Import[] = code.flatMap((from) =>
  [
    ...readFileSync(from, 'utf8').matchAll(
      /^\s*(?:import|export)\s(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map(([, type, from_, bare, dynamic]) => ({ from, to: from_ ?? bare ?? dynamic!, type: type !== undefined })),
)

const local = imports
  .filter(({ to }) => to.startsWith('.'))
  .map((one) => ({ ...one, to: join(dirname(one.from), one.to) }))
const packages = imports.filter(({ to }) => !to.startsWith('.') && !to.startsWith('/') && !to.startsWith('node:'))

describe('layout', () => {
  it('every folder imports only what it may', () => {
    assert.deepEqual(
      local.filter((one) => !isAllowed(one)).map(({ from, to, type }) => `${from} imports ${type ? 'type ' : ''}${to}`),
      [],
    )
  })

  it('every rule is about a folder that there is, or is to come', () => {
    assert.deepEqual(
      Object.keys(mayImport).filter((folder) => !existsSync(folder)),
      ['bench'].filter((folder) => !existsSync(folder)),
    )
  })

  it('every import leads to a file', () => {
    assert.deepEqual(
      local.filter(({ to }) => !existsSync(to)).map(({ from, to }) => `${from} imports ${to}`),
      [],
    )
  })

  it('no file of the program is longer than 350 lines', () => {
    const long = code
      .filter((file) => program.some((folder) => file.startsWith(`${folder}/`)))
      .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 350)
    assert.deepEqual(
      long.map(({ file, lines }) => `${file} has ${lines}`),
      [],
    )
  })
})

describe('packages', () => {
  type Package = { scripts: Record<string, string> } & Record<
    'dependencies' | 'optionalDependencies' | 'devDependencies',
    Record<string, string>
  >
  const { dependencies, optionalDependencies, devDependencies, scripts } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Package
  const nameOf = (to: string): string =>
    to
      .split('/')
      .slice(0, to.startsWith('@') ? 2 : 1)
      .join('/')
  const used = new Set(packages.map(({ to }) => nameOf(to)))
  const commands = [...Object.values(scripts), readFileSync('.mocharc.json', 'utf8')]
  const text = [...code.map((file) => readFileSync(file, 'utf8')), ...commands].join('\n')

  it('each that is imported is declared', () => {
    const declared = new Set([
      ...Object.keys(dependencies),
      ...Object.keys(optionalDependencies ?? {}),
      ...Object.keys(devDependencies),
    ])
    assert.deepEqual(
      [...used].filter((name) => !declared.has(name) && !builtinModules.includes(name)),
      [],
    )
  })

  it('what the program imports is not for development alone', () => {
    const needed = packages
      .filter(({ from, type }) => !type && program.some((folder) => from.startsWith(`${folder}/`)))
      .map(({ to }) => nameOf(to))
    assert.deepEqual(
      [...new Set(needed)].filter((name) => name in devDependencies),
      [],
    )
  })

  it('each that is declared is used', () => {
    const isUsed = (name: string): boolean => used.has(name) || text.includes(`'${name}`) || text.includes(`"${name}`)
    assert.deepEqual(
      Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isUsed(name)),
      [],
    )
    // Types serve the compiler, and tools are called by their commands.
    const called = (name: string): boolean => name.startsWith('@types/') || text.includes(nameOf(name).split('-')[0]!)
    assert.deepEqual(
      Object.keys(devDependencies).filter((name) => !isUsed(name) && !called(name)),
      [],
    )
  })
})

function isAllowed({ from, to, type }: Import): boolean {
  const folder = folderOf(from)
  if (folderOf(to) === folder) return true
  return mayImport[folder]!.some((rule) => {
    const onlyType = rule.startsWith('type ')
    const target = onlyType ? rule.slice(5) : rule
    if (onlyType && !type) return false
    if (target.endsWith('/*')) return dirname(to) === target.slice(0, -2)
    return target.endsWith('/') ? to.startsWith(target) : to === target
  })
}

/** The folder whose rule holds for a file: the longest that there is a rule for. */
function folderOf(file: string): string {
  const folders = Object.keys(mayImport)
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)
  if (folders[0] === undefined) throw new Error(`there is no rule for ${file}`)
  return folders[0]
}
