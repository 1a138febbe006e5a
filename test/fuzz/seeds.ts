import { readFileSync, readdirSync } from 'node:fs'
import { parse, stringify } from 'yaml'

const textOf = (file: string): string => readFileSync(file, 'utf8')

/** What is written in the docs as an example of this kind. */
const examples = (kind: string): string[] =>
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => [...textOf(`docs/${file}`).matchAll(/^```yaml (\w+).*\n([\s\S]*?)^```/gm)])
    .filter(([, is]) => is === kind)
    .map(([, , text]) => text!)

/** Steps of every kind, as they are tried one by one. */
const tried = readdirSync('test/steps')
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parse(textOf(`test/steps/${file}`)) as { step: unknown }[])
  .map(({ step }) => stringify({ step, there: 'hang-up', elsewhere: 'hang-up' }))

const nineToFive = '{ Mo-Fr: 09:00-17:00 }'
const head = `hotline: Example
numbers: ["130"]
timezone: Australia/Canberra
opening-hours: { office: ${nineToFive}, weekdays: ${nineToFive}, weekend: { "Sa, Su": 09:00-17:00 } }
queues: { bookings: { said: the bookings team }, desk: { said: the desk }, quiet: }
backends: { clinic: { url: https://clinic.example } }
defaults: { input: { tries: 3, otherwise: agent }, failed: goodbye }
start: example
`

/** Steps that examples lead to. */
const around: Record<string, string> = {
  main: 'main: { menu: { keys: { 0: { for: a person, go: agent } } } }',
  agent: 'agent: { queue: bookings, tell: [postcode] }',
  goodbye: 'goodbye: { say: Goodbye., next: hang-up }',
  question: 'question: { menu: { say: One?, keys: { 1: goodbye } } }',
}

/** Some steps in a hotline, with a way to each of them, and none twice. */
function hotlineOf(text: string): string {
  const names = [...text.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name!)
  const others = Object.keys(around).filter((name) => !names.includes(name))
  const to = [...names, ...others].slice(0, 9)
  const keys = to.map((name, i) => `      ${i + 1}: { for: ${name}, go: ${name}, set: { postcode: "2600" } }`)
  const steps = [text.trimEnd(), ...others.map((name) => around[name]!)].join('\n')
  const example = ['  example:', '    menu:', '     keys:', ...keys]
  return [`${head}steps:`, ...example, steps.replaceAll(/^(?=.)/gm, '  '), ''].join('\n')
}

/** The head of an example, completed. */
function headed(text: string): string {
  const given = [...text.matchAll(/^([a-z-]+):/gm)].map(([, name]) => name!)
  const rest = hotlineOf('').split('\n').filter((line) => !given.some((name) => line.startsWith(`${name}:`)))
  return [text.trimEnd(), ...rest].join('\n')
}

/** Hotlines to begin from: those of the project, those of its tests, and every example of its docs. */
export const flowSeeds: readonly string[] = [
  ...readdirSync('flows').map((name) => textOf(`flows/${name}/hotline.yaml`)),
  ...['example', 'good', 'dozen'].map((name) => textOf(`test/language/${name}.yaml`)),
  ...readdirSync('test/calls/flows').map((name) => textOf(`test/calls/flows/${name}`)),
  ...['test/language/planted/hotline.yaml', 'test/picture/clinic.yaml'].map(textOf),
  ...examples('hotline'),
  ...examples('head').map(headed),
  ...[...examples('steps'), ...tried].map(hotlineOf),
]

/** Files of tests to begin from. */
export const testSeeds: readonly string[] = [
  ...readdirSync('flows').map((name) => textOf(`flows/${name}/tests.yaml`)),
  ...examples('tests'),
  ...(parse(textOf('test/rehearsal/mistakes.yaml')) as { text: string }[]).map(({ text }) => text),
]
