import assert from 'node:assert/strict'
import { checkFlow, type Checked } from '../../engine/language/check.ts'
import { Played } from '../calls/play.ts'

const hotline = `hotline: Desk
numbers: ["100"]
languages: [en, de]
queues: { desk: { said: the desk } }
start: language
steps:
  language:
    menu:
      keys:
        1: { for: English, in: en, go: main, set: { language: en } }
        "#": { for: Deutsch, in: de, go: main, set: { language: de } }
      otherwise: main
  main:
    menu:
      say: What is it?
      keys:
        3: { for: a code, go: book }
        "*": { for: { en: a person, de: einen Menschen }, go: agent }
      no-input: Nothing heard.
      no-match: ["Not that.", "Not that either."]
      otherwise: agent
  book:
    - call: identify
    - say: "{{ code | digits }}"
    - say: "Booked: {{ code | digits }}."
      next: agent
  agent: { queue: desk, say: One moment. }
`
const identify = `start: ask
steps:
  ask:
    collect: { say: Your code please., digits: 2, into: code, too-few: Too few., otherwise: agent }
    next: return
`
const german = `main: Worum geht es?
main/keys/3: einen Code
main/no-input/1: Nichts gehört.
main/no-match/1: Das nicht.
main/no-match/2: Das auch nicht.
book/3: "{{ code | digits }} ist gebucht."
agent: Einen Moment.
queues/desk: der Empfang
identify/ask: Ihr Code bitte.
identify/ask/too-few/1: Zu wenige.
`

function check(de: string, flow = hotline): Checked {
  const files: Record<string, string> = { 'identify.yaml': identify, 'translations/de.yaml': de }
  const beside = { names: Object.keys(files), text: (name: string) => files[name], called: (name: string) => name }
  return checkFlow(flow, { name: 'desk', file: 'hotline.yaml', beside })
}

const told = ({ mistakes }: Checked): string[] => mistakes.map((one) => one.message)

describe('translations beside a flow', () => {
  it('give every text of the flow a name, in the order of the files', () => {
    assert.deepEqual(check('{}').texts.map(({ name }) => name), [
      'queues/desk',
      'main',
      'main/keys/3',
      'main/keys/star',
      'main/no-input/1',
      'main/no-match/1',
      'main/no-match/2',
      'book/2',
      'book/3',
      'agent',
      'identify/ask',
      'identify/ask/too-few/1',
    ])
  })

  it('are said in their language, with what stands in the flow itself', () => {
    const { compiled, ...read } = check(german)
    assert.deepEqual(told(read), [])
    const call = new Played(compiled!)
    const finished = 'prompt finished'
    const events = ['key #', finished, '5s passes', 'key 1', 'key 3', 'key 4', 'key 2', finished, finished, finished]
    for (const event of events) call.happens(event)
    const menu =
      '[de] Worum geht es? [de] Für einen Code drücken Sie die 3. [de] Für einen Menschen drücken Sie die Stern-Taste.'
    const said = call.heard.flatMap(({ effects }) => effects).filter((effect) => effect.startsWith('play'))
    assert.deepEqual(said.slice(1), [
      `play: ${menu}`,
      `play: [de] Nichts gehört. ${menu}`,
      `play: [de] Das nicht. ${menu}`,
      'play: [de] Ihr Code bitte.',
      'play to the end: [de] 4 2',
      'play to the end: [de] 4 2 ist gebucht.',
      'play to the end: [de] Einen Moment.',
    ])
  })

  it('say the same as texts by language in the flow', () => {
    const inFlow = hotline.replace('say: What is it?', 'say: { en: What is it?, de: Worum geht es? }')
    const [beside, inside] = [check(german), check(german.replace(/^main: .*\n/, ''), inFlow)]
    assert.deepEqual(told(inside), [])
    assert.deepEqual(inside.compiled!.machine.config, beside.compiled!.machine.config)
  })

  it('need none for a text without words', () => {
    assert.ok(!german.includes('book/2'))
    assert.deepEqual(told(check(`${german}book/2: "{{ code | digits }}"\n`)), [])
  })

  it('tell of a text that is missing in one that the hotline calls', () => {
    assert.deepEqual(told(check(german.replace(/^identify\/ask: .*\n/m, ''))), [
      'identify.yaml:4:21 missing-text: this text is not given in de; write identify/ask: ... in translations/de.yaml',
    ])
  })

  it('are no false alarm when they stand in a flow that cannot be read as a whole', () => {
    const found = check(german, hotline.replace('no-input: Nothing heard.', 'no-input: { 5 }'))
    assert.deepEqual(found.mistakes.filter(({ code }) => code === 'unknown-text').map(({ message }) => message), [])
  })

  it('give a text the same name wherever it is called from', () => {
    const flow = hotline.replace('    - call: identify\n', '    - call: identify\n    - call: identify\n')
    const names = check('{}', flow).texts.map(({ name }) => name)
    assert.equal(names.filter((name) => name === 'identify/ask').length, 1)
  })

})
