import assert from 'node:assert/strict'
import { createMachine } from 'xstate'
import { graphOf, type Graph } from '../../engine/picture/graph.ts'
import { layOut } from '../../engine/picture/layout.ts'
import { mermaidOf } from '../../engine/picture/mermaid.ts'
import { svgOf } from '../../engine/picture/svg.ts'
import { escapeXml, cut, widthOf, wrap } from '../../engine/picture/text.ts'
import { explain } from '../../engine/picture/words.ts'
import { clinic, compiled, generated, golden, hostile, hostileTexts } from './flows.ts'
import { readXml, type Element } from './xml.ts'

const out = (graph: Graph, name: string) =>
  graph.boxes.find((box) => box.name === name)!.parts.flatMap(({ ways }) => ways)
const words = (graph: Graph, name: string): string[] =>
  out(graph, name).map((way) => `${way.words}${way.matter ? ` (${way.matter})` : ''} -> ${way.to}`)

describe('a flow as boxes and ways', () => {
  const graph = graphOf(clinic)

  it('calls each way by what the caller did or what happened', () => {
    assert.deepEqual(words(graph, 'main'), [
      'presses 1 (a new booking) -> postcode',
      'presses 2 (a change of your booking) -> booking-number',
      'presses 3 (our opening hours) -> times',
      'presses 0 (the bookings team) -> agent',
      'silence or wrong keys, 3 times -> agent',
    ])
    assert.deepEqual(words(graph, 'opened'), ['open -> trial', 'closed -> closed'])
    assert.deepEqual(words(graph, 'trial'), ['20% of the callers -> news', '80% of the callers -> known'])
    assert.deepEqual(words(graph, 'welcome'), [' -> language'])
    assert.deepEqual(words(graph, 'agent'), [
      'after the talk -> thanks',
      'waited 20 min -> other-desk',
      'nobody there / it fails -> nobody',
    ])
    assert.deepEqual(words(graph, 'known'), [
      'if caller.calls("72h") > 0 && caller.last.outcome == "gave-up" -> agent',
      'else -> main',
    ])
    assert.deepEqual(words(graph, 'booking-number').slice(0, 2), [
      'keys in 4 to 10 digits -> booking-number',
      'silence or wrong digits, 3 times -> agent',
    ])
  })

  it('has one box for a list, with a part for each step', () => {
    assert.deepEqual(
      graph.boxes
        .find(({ name }) => name === 'wants-booking')!
        .parts.map(({ kind, detail, look }) => [kind, detail, look]),
      [
        ['set', 'matter = new booking', 'notes'],
        ['note', 'Lives in [postcode]', 'notes'],
        ['request', 'clinic/wishes', 'says'],
        ['outcome', 'wants-booking', 'notes'],
      ],
    )
  })

  it('shows what is said in the language asked for, with values by their names', () => {
    const said = (language: string) =>
      graphOf(clinic, language).boxes.find(({ name }) => name === 'confirm')!.parts[0]!.says
    assert.equal(said('en'), 'Your postcode is [postcode].')
    assert.equal(said('de'), 'Ihre Postleitzahl ist [postcode].')
  })

  it('leads a line to every step that a call can come to, and few to busy ones', () => {
    const big = graphOf(compiled(generated(100)))
    const lines = big.boxes.flatMap(({ parts }) => parts.flatMap(({ ways }) => ways.filter(({ line }) => line)))
    for (const { name, reached } of big.boxes)
      if (reached && name !== big.start)
        assert.ok(
          lines.some(({ to }) => to === name),
          name,
        )
    assert.ok(lines.filter(({ to }) => to === 'agent').length <= 3)
    assert.deepEqual(
      big.boxes.filter(({ reached }) => !reached).map(({ name }) => name),
      ['lost'],
    )
  })
})

describe('a flow as a picture', () => {
  it('is an SVG with a name, a description and a title for each step', async () => {
    const root = readXml(svgOf(await layOut(graphOf(clinic))))
    assert.equal(root.name, 'svg')
    const steps = all(root).filter(({ attributes }) => attributes.id?.startsWith('step-'))
    assert.deepEqual(
      steps.map(({ attributes }) => attributes['aria-label']),
      graphOf(clinic).boxes.map(({ name }) => name),
    )
    const main = steps.find(({ attributes }) => attributes.id === 'step-main')!
    assert.match(
      main.children.find(({ name }) => name === 'title')!.text,
      /^main: menu\. presses 1 \(a new booking\): to postcode\. /,
    )
    assert.ok(
      all(root).some(({ name, text }) => name === 'title' && text === 'main, presses 3 (our opening hours): to times'),
    )
    assert.ok(
      all(root).every(({ name }) =>
        ['svg', 'title', 'desc', 'g', 'a', 'rect', 'path', 'circle', 'text'].includes(name),
      ),
    )
  })

  it('has no box over another, and none outside', async () => {
    for (const limit of [10_000, 1]) {
      const { boxes, placed, fine } = await layOut(graphOf(compiled(generated(100))), limit)
      assert.equal(fine, limit === 10_000)
      const places = boxes.map(({ id, height }) => ({ ...placed.at.get(id)!, height }))
      for (const [i, a] of places.entries()) {
        assert.ok(
          a.x >= -0.5 && a.y >= -0.5 && a.x + 284 <= placed.width + 0.5 && a.y + a.height <= placed.height + 0.5,
        )
        for (const b of places.slice(i + 1))
          assert.ok(Math.abs(a.x - b.x) >= 284 || a.y + a.height <= b.y || b.y + b.height <= a.y)
      }
    }
  })

  it('shows steps that no call comes to, and says so', async () => {
    const root = readXml(svgOf(await layOut(graphOf(compiled(generated(20))))))
    assert.ok(all(root).some(({ text }) => text === 'No call comes to these steps'))
    assert.ok(all(root).some(({ text }) => text === 'never reached'))
  })

  it('of a hundred steps is there within ten seconds, of a thousand within thirty', async function () {
    this.timeout(60_000)
    for (const [steps, most] of [
      [100, 10_000],
      [1000, 30_000],
    ] as const) {
      const from = performance.now()
      const flow = compiled(generated(steps))
      assert.ok(Math.abs(flow.flow.steps.size - steps) < 12, `${flow.flow.steps.size} steps`)
      readXml(svgOf(await layOut(graphOf(flow))))
      assert.ok(performance.now() - from < most)
    }
  })
})

describe('a flow as text for other tools', () => {
  it('is Mermaid', () => golden('clinic.mmd', mermaidOf(graphOf(clinic))))

  it('is an XState machine as plain data, with the same states', () => {
    const again = createMachine(JSON.parse(JSON.stringify(clinic.machine.config)) as never)
    assert.deepEqual(Object.keys(again.states), Object.keys(clinic.machine.states))
  })
})

describe('texts that mean something elsewhere', () => {
  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`${name}: nothing of them gets out of the picture's texts`, async () => {
      const flow = withText(text)
      const root = readXml(svgOf(await layOut(graphOf(flow))))
      const ordinary = readXml(svgOf(await layOut(graphOf(withText('Hello')))))
      const kinds = (root: Element) =>
        new Set(all(root).map(({ name, attributes }) => `${name} ${Object.keys(attributes).sort().join(' ')}`))
      assert.deepEqual([...kinds(root)].sort(), [...kinds(ordinary)].sort())
      for (const line of mermaidOf(graphOf(flow)).trimEnd().split('\n')) assert.match(line, mermaidLine)
      for (const text of explain(flow, 'ask'))
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(text, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/)
    })
  }

  const mermaidLine = new RegExp(
    `^(flowchart LR| *(${[
      String.raw`s\d+(\(|\[\/|\{\{|\[|\[\[|\(\[)"[^"\`<>\[\]{}|]*(<br>[^"\`<>\[\]{}|]*)*"(\)|\/\]|\}\}|\]|\]\]|\]\))`,
      String.raw`x[012]\(\["[^"]*"\]\)( --> s\d+)?`,
      String.raw`s\d+ -\.?->(\|"[^"\`<>\[\]{}|]*"\|)? [sx]\d+`,
      String.raw`subgraph b\d+\["[a-z0-9-]*"\]`,
      'end',
      'classDef .*',
      String.raw`class [sx\d,]+ \w+`,
    ].join('|')}))$`,
  )
})

/** A flow with a text in it; some are more than a flow may hold, and stand in it by themselves. */
function withText(text: string) {
  const flow = compiled(hostile('Hello'))
  const put = (data: unknown): unknown =>
    data === 'Hello'
      ? text
      : Array.isArray(data)
        ? data.map(put)
        : isPlain(data)
          ? Object.fromEntries(Object.entries(data).map(([k, v]) => [k, put(v)]))
          : data
  const config = put(JSON.parse(JSON.stringify(flow.machine.config))) as typeof flow.machine.config
  const steps = new Map(
    [...flow.flow.steps].map(([name, step]) => [
      name,
      { ...step, fields: put(step.fields), parts: put(step.parts) as typeof step.parts },
    ]),
  )
  return {
    ...flow,
    flow: { ...flow.flow, title: text, steps },
    machine: { ...flow.machine, config } as unknown as typeof flow.machine,
  }
}

const isPlain = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null

describe('words in boxes', () => {
  it('are cut between characters as people see them', () => {
    assert.equal(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12, 36), '👩‍👩‍👧‍👦…')
    assert.equal(cut('short', 12, 100), 'short')
  })

  const lines: [string, number, number, string[]][] = [
    ['', 100, 3, []],
    ['one two three', 1000, 3, ['one two three']],
    ['one two three', 50, 3, ['one two', 'three']],
    ['one two three four five', 50, 2, ['one two', 'three…']],
    ['x'.repeat(40), 70, 2, ['xxxxxxxxx…']],
    [`a ${'x'.repeat(40)}`, 70, 2, ['a', 'xxxxxxxxx…']],
  ]
  for (const [text, width, most, expected] of lines) {
    it(`${JSON.stringify(text.slice(0, 20))} in ${width}`, () => {
      const got = wrap(text, 12, width, most)
      assert.deepEqual(got, expected)
      for (const line of got) assert.ok(widthOf(line, 12) <= width)
    })
  }

  it('stand in XML as texts', () => {
    assert.equal(escapeXml(`<a b="c">'&]]>\n\u0000\uD800`), '&lt;a b=&quot;c&quot;&gt;&#39;&amp;]]&gt;')
  })
})

const all = (element: Element): Element[] => [element, ...element.children.flatMap(all)]
