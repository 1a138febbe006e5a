import { packFor } from '../saying/index.ts'
import type { Compiled } from './compile.ts'
import type { Flow } from './flow.ts'
import type { Path, Source } from './parse.ts'
import { shownName } from './step-names.ts'
import type { ReadStep } from './steps.ts'
import { longestToAPerson, reachesAPerson } from './to-a-person.ts'
import { longestMs, turnsOf, type Turn } from './turns.ts'

/** A prompt longer than this is not listened to. */
const longestPrompt = 30_000
/** ETSI ETR 096 §5.1.3: who listens to more does not remember the first. */
const mostKeys = 5
/** WCAG 2.2.1, enough time: a key must be found, on a phone that is held to the ear. */
const shortestWait = 3000

/** Good telephone manners, as warnings, and the limit on the time to a person that the author has set. */
export function checkManners(source: Source, steps: ReadStep[], compiled: Compiled, limit: number | undefined): void {
  const { flow } = compiled
  const turns = turnsOf(compiled)
  for (const step of steps) {
    const turn = turns.get(step.name)
    if (!turn) continue
    checkLength(step, turn, flow)
    if (turn.ask && step.kind.role === 'asks') checkAsking(step, flow)
    if (step.source.has(step.at(['wait']))) checkWait(step.source, step.at(['wait']), turn.wait)
    checkKeyFirst(step, flow)
    checkKeyTwice(step, flow)
  }
  if (source.has(['defaults', 'input', 'wait'])) checkWait(source, ['defaults', 'input', 'wait'], flow.input.wait)
  checkPeople(source, compiled, limit)
}

function checkLength(step: ReadStep, turn: Turn, flow: Flow): void {
  const ms = Math.max(0, ...turn.says.map((say) => longestMs(say, flow.languages)))
  if (ms > longestPrompt)
    step.source.report(step.path, 'long-prompt', `"${shownName(step.name)}" speaks for about ${seconds(ms)} without a pause`, {
      key: true,
      warning: true,
      suggestion: 'say what matters most, and offer the rest behind a key',
    })
}

function checkAsking(step: ReadStep, flow: Flow): void {
  const keys = [...step.ways].filter(({ what }) => what.startsWith('key ')).length
  if (keys > mostKeys)
    step.source.report(step.at(['keys']), 'many-keys', `${keys} keys are more than a caller remembers`, {
      key: true,
      warning: true,
      suggestion: `offer ${mostKeys} at most, and the rest in a second menu`,
    })
  if (hasPeople(flow) && !reachesAPerson(flow, step.name))
    step.source.report(step.path, 'no-person', `from "${shownName(step.name)}" no way leads to a person`, {
      key: true,
      warning: true,
      suggestion: 'offer one, for instance at key 0, or by otherwise',
    })
}

function checkWait(source: Source, path: Path, wait: number): void {
  if (wait < shortestWait)
    source.report(path, 'short-wait', `${seconds(wait)} is too short to find a key`, { warning: true, suggestion: 'write 5s' })
}

const hasPeople = (flow: Flow): boolean => Object.keys(flow.queues).length > 0

/** "Press 1 for sales": by the time the matter is named the key is forgotten. */
function checkKeyFirst(step: ReadStep, flow: Flow): void {
  for (const { path, text, in: only } of step.parts.texts ?? []) {
    const texts = typeof text === 'string' ? [[only ?? flow.languages[0], text]] : Object.entries(text)
    for (const [tag, words] of texts as [string, string][]) {
      const found = packFor(tag)?.keyFirst?.exec(words)
      if (!found) continue
      step.source.report(step.at(typeof text === 'string' ? path : [...path, tag]), 'key-first', `"${found[0]}": the key is named before the matter`, {
        offset: found.index,
        warning: true,
        suggestion: 'name the matter first, or let the menu be worded from its labels (for:)',
      })
    }
  }
}

/** "Press 1 to be called back. ... To agree, press 1": the words behind a text name its keys by themselves. */
function checkKeyTwice({ parts: { texts = [], offers = [] }, source, at }: ReadStep, flow: Flow): void {
  for (const { path, keys } of offers) {
    const text = texts.find((one) => one.path.join() === path.join())?.text
    if (text === undefined) continue
    for (const [tag, words] of Object.entries(typeof text === 'string' ? { [flow.languages[0]]: text } : text)) {
      const found = keys.map((key) => pressed(tag, key)?.exec(words)).find((one) => one)
      if (!found) continue
      source.report(at(typeof text === 'string' ? path : [...path, tag]), 'key-twice', `"${found[0]}": the key is named again behind this text`, {
        offset: found.index,
        warning: true,
        suggestion: 'leave the keys out here: they are named by themselves',
      })
    }
  }
}

/** Finds "press 1" in a text, as the language puts it behind the matter. */
function pressed(tag: string, key: string): RegExp | undefined {
  const [, behind] = packFor(tag)?.menuItem('xyz', key).split('xyz') ?? []
  const words = behind?.replaceAll(/^[^\p{L}]+|[^\p{L}\p{N}]+$/gu, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return words ? new RegExp(`${words}(?![\\p{L}\\p{N}])`, 'iu') : undefined
}

function checkPeople(source: Source, compiled: Compiled, limit: number | undefined): void {
  if (limit === undefined) return
  const longest = longestToAPerson(compiled)
  if (!longest || longest.ms <= limit) return
  const path = longest.path.map(shownName).filter((name, i, all) => name !== all[i - 1])
  source.report(
    ['limits', 'to-a-person'],
    'slow-to-a-person',
    `a caller who presses nothing comes to a person after about ${seconds(longest.ms)}: ${path.join(' -> ')}`,
    { suggestion: 'shorten what is said on this way, or the waits and tries' },
  )
}

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
