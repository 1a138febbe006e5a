import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { Played, compiled } from './play.ts'

const folder = 'test/calls'

/**
 * Golden transcripts. `# ...` says which rule a call shows, `flow:` names the flow, `> ...` happens, `< ...` is what
 * the engine asks for. `UPDATE=1` writes the latter anew; read the difference before you keep it.
 */
describe('calls', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'))
  for (const file of files) {
    it(file.replace('.txt', ''), () => {
      const want = readFileSync(`${folder}/${file}`, 'utf8')
      const got = played(want)
      if (process.env.UPDATE) writeFileSync(`${folder}/${file}`, got)
      else assert.equal(got, want)
    })
  }

  it('one for every rule of asking for keys', () => {
    const rules = readFileSync(`${folder}/rules.md`, 'utf8').matchAll(/^- `(.+?)`/gm)
    assert.deepEqual([...rules].map(([, name]) => `${name}.txt`).sort(), files.sort())
  })
})

/** The same transcript with what the engine asks for now. */
function played(transcript: string): string {
  const lines = transcript.split('\n').filter((line) => !line.startsWith('< '))
  const flow = lines.find((line) => line.startsWith('flow: '))?.slice(6)
  if (flow === undefined) throw new Error('a transcript names its flow: "flow: code.yaml"')
  const call = new Played(compiled(readFileSync(`${folder}/flows/${flow}`, 'utf8'), flow))
  return lines
    .flatMap((line) => {
      if (!line.startsWith('> ')) return [line]
      const event = line.slice(2)
      if (event !== 'call starts') call.happens(event)
      return [line, ...call.heard.at(-1)!.effects.map((effect) => `< ${effect}`)]
    })
    .join('\n')
}
