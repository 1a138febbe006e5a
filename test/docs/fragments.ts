/** What fragments get around them. A field or step of the fragment's own takes the place of one given here. */
type Around = { head: Record<string, string>; example: string[]; steps: Record<string, string> }

/** `first`: the fragment's first step. `said`: a text in the languages of the hotline. */
function around(first: string, languages: string, said: (en: string, de: string) => string): Around {
  return {
    head: {
      hotline: 'hotline: Example',
      numbers: 'numbers: ["130"]',
      languages: `languages: ${languages}`,
      timezone: 'timezone: Australia/Canberra',
      'opening-hours': 'opening-hours: { office: { Mo-Fr: 09:00-17:00 } }',
      queues: `queues: { bookings: { said: ${said('the bookings team', 'das Buchungsteam')} } }`,
      backends: 'backends: { clinic: { url: https://clinic.example } }',
      start: 'start: example',
    },
    /** Where the call begins: it leads to the fragment and to every step below. */
    example: [
      'example:',
      '  menu:',
      '    keys:',
      `      1: { for: ${said('the example', 'das Beispiel')}, go: ${first}, set: { postcode: "2600" } }`,
      `      2: { for: ${said('the menu', 'das Menü')}, go: main }`,
      `      3: { for: ${said('the end', 'das Ende')}, go: goodbye }`,
      `      4: { for: ${said('the hours', 'die Zeiten')}, go: opened-at }`,
      '    otherwise: agent',
    ],
    steps: {
      main: `main: { menu: { keys: { 0: { for: ${said('a person', 'Hilfe')}, go: agent } }, otherwise: agent } }`,
      agent: 'agent: { queue: bookings }',
      goodbye: `goodbye: { say: ${said('Goodbye.', 'Auf Wiederhören.')}, next: hang-up }`,
      'opened-at': 'opened-at: { hours: office, open: main, closed: goodbye }',
    },
  }
}

/** A hotline in English that also speaks German. */
const untranslated = `hotline: Library
numbers: ["120"]
languages: [en, de]
queues: { desk: { said: { en: the library desk, de: das Team der Bibliothek } } }
start: welcome
steps:
  welcome: { say: Welcome to the library., next: main }
  main:
    menu:
      keys: { 1: { for: opening hours, go: hours }, 0: { for: a person, go: desk } }
      no-input: [I did not hear a key.]
      otherwise: desk
  hours: { say: We are open from 9 to 5., next: main }
  desk: { queue: desk }
`

/** The same in English alone. */
const inEnglish = untranslated.replace('[en, de]', '[en]').replace('{ en: the library desk, de: das Team der Bibliothek }', 'the library desk')

/** The files of a hotline of which the docs show one, by the kind of their block. */
export function filesWith(kind: string, text: string): Record<string, string> {
  if (kind === 'audio') {
    const files = [...text.matchAll(/^- (.+)$/gm)].map(([, file]) => [`audio/${file}`, 'a sound'])
    return { 'hotline.yaml': inEnglish, ...Object.fromEntries(files) as Record<string, string> }
  }
  if (kind === 'recorded') return { ...filesWith('audio', '- en/welcome.wav'), 'audio/recorded.yaml': text }
  if (kind === 'translations') return { 'hotline.yaml': untranslated, 'translations/de.yaml': text }
  const beside = { 'loans.yaml': 'start: loan\nsteps: { loan: return }\n' }
  if (kind !== 'called') return { 'hotline.yaml': wholeHotline(kind, text), ...beside }
  return { 'hotline.yaml': wholeHotline('steps', 'known: { call: identify, next: main }'), 'identify.yaml': text }
}

/**
 * A fragment is a whole `hotline`, fields of its `head`, or some of its `steps`. Steps that say something in German
 * (`in: de`, `de: ...`) stand in a hotline that speaks English and German, the others in one that speaks English.
 */
export function wholeHotline(kind: string, text: string): string {
  if (kind === 'hotline') return text
  const names = [...text.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name!)
  const bilingual = kind === 'steps' && /\b(in: de|de:)(?!\S)/.test(text)
  const parts = around(
    kind === 'steps' ? (names[0] ?? 'main') : 'main',
    bilingual ? '[en, de]' : '[en]',
    (en, de) => (bilingual ? `{ en: ${en}, de: ${de} }` : en),
  )
  const others = (all: Record<string, string>): string[] =>
    Object.entries(all).filter(([name]) => !names.includes(name)).map(([, part]) => part)
  const rows = text.trimEnd().split('\n')
  const [head, steps] =
    kind === 'head'
      ? [[...rows, ...others(parts.head)], [...parts.example, ...Object.values(parts.steps)]]
      : [Object.values(parts.head), [...parts.example, ...others(parts.steps), ...rows]]
  return [...head, 'steps:', ...steps.map((row) => (row === '' ? row : `  ${row}`)), ''].join('\n')
}
