import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { checkFlow } from '../../engine/language/check.ts'
import { compileFlow, type Compiled } from '../../engine/language/compile.ts'

/** A flow that calls can run on, from its text. */
export function compiled(text: string, name = 'desk'): Compiled {
  const { flow, mistakes } = checkFlow(text, { name, file: `${name}.yaml` })
  assert.deepEqual(
    mistakes.filter(({ warning }) => !warning).map(({ message }) => message),
    [],
  )
  return compileFlow(flow!)
}

/** A hotline with many kinds of steps, in two languages. */
export const clinicText = readFileSync(new URL('clinic.yaml', import.meta.url), 'utf8')
export const clinic = compiled(clinicText, 'clinic')

/** Compares with a file beside this one; `UPDATE=1` writes it. */
export function golden(file: string, text: string): void {
  const url = new URL(file, import.meta.url)
  if (process.env.UPDATE) writeFileSync(url, text)
  assert.equal(text, readFileSync(url, 'utf8'))
}

const desk = (steps: string[]): string => `hotline: City desk
numbers: ["300"]
opening-hours: { office: { Mo-Fr: 09:00-17:00 } }
queues: { desk: { said: the city desk } }
defaults: { input: { otherwise: agent }, failed: nobody }
start: welcome
steps:
  welcome: { say: Welcome to the city desk., next: opened }
  opened: { hours: office, open: menu-0, closed: closed }
${steps.join('\n')}
  agent: { queue: desk, timed-out: nobody, nobody-there: nobody, answered: thanks }
  nobody: { say: Nobody can take your call at the moment., next: goodbye }
  thanks: { say: Thank you for your call., next: goodbye }
  closed: { say: We are closed now., next: goodbye }
  goodbye: [ { say: Goodbye. }, hang-up ]
`

/** A hotline as they grow: areas with a menu each, questions, conditions, and one step that nothing leads to. */
export function generated(steps: number): string {
  const areas = Math.max(1, Math.round((steps - 8) / 12))
  return desk(
    Array.from(
      { length: areas },
      (_, a) => `  menu-${a}:
    menu:
      keys:
        1: { for: matter ${a} about rates and waste, go: area-${a} }
        2: { for: something else, go: ${a + 1 < areas ? `menu-${a + 1}` : 'agent'} }
        0: { for: a person, go: agent }
  area-${a}:
    menu:
      say: This is about matter ${a}.
      keys:
        1: { for: paying a bill, go: number-${a} }
        2: { for: a missed collection, go: missed-${a} }
        3: { for: our address, go: address-${a} }
        9: { for: the main menu again, go: menu-0 }
  number-${a}: { collect: { say: Please key in the eight digits at the top right of your bill., digits: 8, into: bill_${a} }, next: known-${a} }
  known-${a}: { branch: [ { if: 'bill_${a}.startsWith("77")', go: paid-${a} }, { if: caller.calls("72h") > 2, go: agent }, { go: pay-${a} } ] }
  paid-${a}: { say: "This bill, {{ bill_${a} | digits }}, has been paid already.", next: more-${a} }
  pay-${a}:
    - set: { matter: paying }
    - outcome: paying
    - say: We shall send you a message with the address at which you can pay.
      next: more-${a}
  more-${a}: { menu: { say: Is there anything else?, keys: { 1: menu-0, 2: goodbye } } }
  missed-${a}: { collect: { say: Please key in your postcode., digits: 4, into: postcode_${a} }, next: noted-${a} }
  noted-${a}: { outcome: missed-${a}, next: more-${a} }
  address-${a}: { say: You find us at 12 Long Street., next: more-${a} }`,
    ).concat('  lost: { say: Nobody comes here., next: goodbye }'),
  )
}

/** Texts that mean something elsewhere: to XML, to Mermaid, to Markdown, to a terminal, or to nobody. */
export const hostileTexts: Record<string, string> = {
  'quotes and angle brackets': `"><script>alert('1')</script>&amp;&#0;`,
  'the end of a CDATA': ']]> <![CDATA[ <!-- -->',
  'Mermaid and Markdown': '`**bold**` "] --> x; end\n%% {{ click }} #quot; 1. one',
  emoji: '👩‍👩‍👧‍👦 🇩🇪 👍🏽 press 1️⃣',
  'right to left': 'שלום \u202Eabc\u202C مرحبا \u2066x',
  'several lines': 'one\n\n  two\n\tthree',
  'very long': 'word '.repeat(1000),
  'one very long word': 'x'.repeat(5000),
  'half a character': 'a\uD800b',
  'a terminal': '\u009B31m \u0085 x',
}

/** A flow in which a text stands wherever an author may write one. */
export const hostile = (text: string): string => {
  // No value is put in: braces are the language's own.
  const t = JSON.stringify(text.replaceAll('{{', '{ {').replaceAll('}}', '} }'))
  return `hotline: ${t}
numbers: ["1"]
queues: { desk: { said: ${t} } }
start: hello
steps:
  hello: { say: ${t}, next: ask }
  ask:
    menu:
      say: ${t}
      keys: { 1: { for: ${t}, go: known }, 2: ring }
      no-input: ${t}
      no-match: ${t}
      otherwise: desk
  known: { branch: [ { if: '"<&>]]>" == "a"', go: keep }, { go: desk } ] }
  keep: [ { set: { matter: ${t} } }, { queue: desk, say: ${t} } ]
  ring: { transfer: "+61 2 6205 0000", say: ${t} }
  desk: { queue: desk }
`
}
