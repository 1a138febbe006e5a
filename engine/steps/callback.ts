import { z } from 'zod'
import { asking, ladders } from './asking.ts'
import { answerName, mapping, stepName, text } from './fields.ts'
import { delivering } from './delivering.ts'
import { beforeEntry, entering } from './entry.ts'
import { defineStep, does, firstOf, when, type Ask, type Compiling, type Said, type StateData } from './step.ts'

/** Digits that a telephone number can have: from three inside a house to fifteen (ITU-T E.164). */
const numberDigits = { least: 3, most: 15 }

/**
 * Offers to call the caller back, on the number they call from or on one that they key in.
 *
 * A number that is keyed in is read back before it is kept. Key 3 does without, when the step says where `declined`
 * leads.
 */
export const callback = defineStep({
  kind: 'callback',
  summary: 'Offers to call the caller back, and keeps the number for the people of a queue.',
  manual: `
    Offered is the number that the caller calls from, at key 1; key 2 is for another one, which is read back before it is
    kept. Key 3 does without, when \`declined\` says where that leads. Who withholds the number is asked for it.
  `,
  examples: [
    `
    all-busy:
      callback: bookings
      say: All lines are busy at the moment.
      tell: [postcode]
      declined: agent
      failed: agent
      next: goodbye
    `,
  ],
  value: true,
  valueName: 'queue',
  role: 'takes',
  asksFirst: true,
  schema: mapping({
    callback: z
      .string({ error: 'must be the name of a queue; write callback: bookings' })
      .describe('The queue whose people call back, one under `queues`.')
      .meta({ title: 'a name' }),
    say: text.optional().describe('Said before the offer, for instance that all lines are busy. Default: nothing.'),
    tell: z
      .array(z.string({ error: 'must be the name of an answer; write for instance postcode' }), {
        error: 'must be a list of answers; write [postcode, slot]',
      })
      .default([])
      .describe('Answers that are kept with the number. Default: none.')
      .meta({ title: 'a list of names' }),
    into: answerName.default('callback_number').describe('The name under which the number is kept. Default: `callback_number`.'),
    thanks: text.optional().describe('Said when the wish is kept. Default: words of the language.'),
    next: stepName.optional(),
    declined: stepName.optional().describe('Where the call goes when the caller does without (key 3). Default: not offered.'),
    otherwise: stepName
      .optional()
      .describe('Where the call goes when all tries are spent. Default: as `declined`, else `defaults.input.otherwise`; one of them must be given.'),
    failed: stepName.optional().describe('Where the call goes when the wish cannot be kept.'),
  }),
  ways: (step) => [
    { what: 'next', path: ['next'], to: step.next, orElse: 'following', pressed: true },
    ...(step.declined === undefined
      ? []
      : [{ what: 'declined', path: ['declined'], to: step.declined, pressed: true as const }]),
    { what: 'otherwise', ...firstOf(step, ['otherwise', 'declined']), orElse: 'otherwise' },
    { what: 'failed', path: ['failed'], to: step.failed, orElse: 'failed', pressed: true },
  ],
  parts: (step) => ({
    queues: [{ path: ['callback'], name: step.callback }],
    texts: (['say', 'thanks'] as const).flatMap((field) =>
      step[field] === undefined ? [] : [{ path: [field], text: step[field] }],
    ),
    offers: [{ path: ['say'], keys: ['1', '2', ...(step.declined === undefined ? [] : ['3'])] }],
    told: step.tell.map((name, i) => ({ path: ['tell', i], name })),
    sets: [{ path: ['into'], name: step.into, value: { type: 'text' }, by: 'next' }],
  }),
  compile(step, c) {
    const { into, tell } = step
    const deliver = does({ type: 'deliver', params: { kind: 'callback', queue: step.callback, number: into, tell } })
    const thanks = step.thanks === undefined ? c.phrase((pack) => pack.callback.promised) : c.said(step.thanks)
    const say = step.say === undefined ? [] : [c.said(step.say)]
    return {
      initial: 'choosing',
      states: {
        choosing: {
          always: [{ guard: when({ type: 'caller-number' }), target: 'offering' }, { target: 'telling' }],
        },
        offering: offering(say, step, c),
        // Without a number to offer it is asked for.
        telling: say.length === 0 ? { always: c.here('keying') } : {
          entry: does({ type: 'play', params: { say, bargeIn: true } }),
          on: { 'prompt-finished': c.here('keying'), 'key-pressed': { ...c.here('keying'), actions: [does({ type: 'keep-key' }), does({ type: 'stop-playback' })] } },
        },
        keying: keying(into, c),
        reading: reading(into, c),
        kept: delivering(deliver, c),
        thanked: {
          entry: does({ type: 'play', params: { say: [thanks], bargeIn: false } }),
          on: { 'prompt-finished': c.go('next') },
        },
      },
    }
  },
  survives(_, s) {
    s.loses('no wish to be called back is taken', 'otherwise')
    return [{ act: 'go', go: s.go('otherwise') }]
  },
})

const onKey = (name: string, to: StateData, values?: Record<string, { cel: string }>): StateData => ({
  guard: when({ type: 'key-is', params: { key: name } }),
  ...to,
  actions: [does({ type: 'take-key' }), ...(values ? [does({ type: 'set', params: { values } })] : []), ...((to.actions as []) ?? [])],
})
const wrong: StateData = { target: 'wrong', actions: [does({ type: 'drop-keys' })] }
const labelled = (c: Compiling, label: 'agree' | 'otherNumber' | 'decline' | 'right' | 'again', name: string): Said =>
  c.phrase((pack) => pack.menuItem(pack.callback[label], name))

function choosing(prompt: Said[], c: Compiling, keys: StateData[]): StateData {
  const ask: Ask = { prompt, ...ladders({}, c, 'noInput', 'noMatch'), short: [], bargeIn: true }
  const { wait, tries } = c.input
  return asking({ ask, wait, tries, spent: c.go('otherwise') }, { keyed: { always: [...keys, wrong] } })
}

function offering(say: Said[], { into, declined }: { into: string; declined?: string | undefined }, c: Compiling): StateData {
  const offer = c.phrase((pack) => pack.callback.offer('{{ caller.number | digits }}'))
  const decline = declined === undefined ? [] : [labelled(c, 'decline', '3')]
  return choosing([...say, offer, labelled(c, 'agree', '1'), labelled(c, 'otherNumber', '2'), ...decline], c, [
    onKey('1', c.here('kept'), { [into]: { cel: 'caller.number' } }),
    onKey('2', c.here('keying')),
    ...(declined === undefined ? [] : [onKey('3', c.go('declined'))]),
  ])
}

function keying(into: string, c: Compiling): StateData {
  const prompt = [c.phrase((pack) => pack.callback.askNumber)]
  const ask: Ask = { prompt, ...ladders({}, c, 'noEntry', 'notAccepted'), short: [c.phrase((pack) => pack.tooFew)], bargeIn: true }
  const { wait, tries, betweenKeys } = c.input
  return asking(
    { ask, wait, tries, spent: c.go('otherwise'), first: beforeEntry('#') },
    entering({ ...numberDigits, into, end: '#', betweenKeys: Math.max(betweenKeys, 4000) }, (first) => ({ ...c.here('reading'), actions: first })),
  )
}

function reading(into: string, c: Compiling): StateData {
  const number = c.phrase((pack) => pack.callback.read(`{{ ${into} | digits }}`))
  return choosing([number, labelled(c, 'right', '1'), labelled(c, 'again', '2')], c, [
    onKey('1', c.here('kept')),
    onKey('2', c.here('keying')),
  ])
}
