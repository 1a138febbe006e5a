import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { DateTime } from 'luxon'
import { realClock } from '../engine/clock.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import { milliseconds } from '../engine/duration.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import type { Log } from '../engine/ports.ts'
import { KeptSwitches, longestTurn, type SwitchState } from '../engine/kept-switches.ts'
import { runningIn } from './lock.ts'
import { giveTo } from './owner.ts'
import { readSettings } from './settings.ts'

export type SwitchOptions = { for?: string }

/** A switch with the hotline it belongs to. */
type Found = { hotline: string; state: SwitchState; zone: string }

/** `callwright switch`: tells how the switches of all hotlines stand, and turns one of them. */
export function turnSwitch(name: string | undefined, how: string | undefined, options: SwitchOptions): void {
  const settings = readSettings()
  const hotlines = readHotlines(settings.flows, settings.flowEnv)
  const kept = new KeptSwitches(settings.data, { clock: realClock, log: quiet })
  if (kept.broken !== undefined) throw new Error(kept.broken)
  const all = switchesOf(hotlines, kept)
  if (name === undefined) return list(all, hotlines)
  const one = theOne(all, hotlines, name)
  if (how === undefined) return console.log(inWords(one))
  if (how !== 'on' && how !== 'off') throw new Error(`a switch cannot be turned ${how}: write on or off`)
  const ms = options.for === undefined ? undefined : milliseconds(options.for)
  if (options.for !== undefined && !(ms && ms <= longestTurn))
    throw new Error(`--for ${options.for} is not a time up to 366d: write for instance --for 4h`)
  kept.turn(one.hotline, one.state.name, { on: how === 'on', by: process.env.SUDO_USER ?? userInfo().username, ms })
  // Turned by root, it is still for whoever runs the engine.
  giveTo(statSync(dirname(kept.file)), kept.file)
  console.log(inWords(theOne(switchesOf(hotlines, kept), hotlines, `${one.hotline}/${one.state.name}`)))
  console.log(
    runningIn(settings.data)
      ? 'New calls follow it from now on, calls under way from their next branch on.'
      : `No Callwright runs with ${settings.data}: it holds as soon as one is started.`,
  )
}

/** What is turned is told in words of our own. */
const quiet: Log = { info() {}, warn() {}, error() {} }

const switchesOf = (hotlines: Hotline[], kept: KeptSwitches): Found[] =>
  hotlines.flatMap(({ name: hotline, compiled }) =>
    compiled ? kept.states(compiled.flow).map((state) => ({ hotline, state, zone: compiled.flow.timezone })) : [])

function list(all: Found[], hotlines: Hotline[]): void {
  const bad = hotlines.filter(({ compiled }) => !compiled)
  for (const one of all) console.log(inWords(one))
  for (const { name } of bad) console.log(`${name} holds mistakes, so its switches are not known: see callwright check`)
  if (all.length === 0 && bad.length === 0) console.log('No hotline has a switch: a flow lists them under switches:')
}

const fullName = ({ hotline, state }: Found): string => `${hotline}/${state.name}`

/** The switch of this name, with or without its hotline. */
function theOne(all: Found[], hotlines: Hotline[], name: string): Found {
  const found = all.filter((one) => name === fullName(one) || name === one.state.name)
  if (found.length > 1)
    throw new Error(`several hotlines have a switch "${name}": write ${found.map(fullName).join(' or ')}`)
  if (found[0]) return found[0]
  const [hotline = '', own] = name.split('/')
  // A flow that is just being worked on must not keep anybody from turning the switch of the one that runs.
  const isBad = hotlines.some((one) => one.name === hotline && !one.compiled)
  if (isBad && own !== undefined && /^[a-z][a-z0-9_]*$/.test(own)) {
    console.error(`${hotline} holds mistakes just now, so whether it has a switch "${own}" is not known`)
    return { hotline, state: { name: own, for: 'not known', on: false }, zone: 'local' }
  }
  const names = name.includes('/') ? all.map(fullName) : all.map(({ state }) => state.name)
  const hint = didYouMean(name, new Set(names), names.length > 0 ? undefined : 'a flow lists them under switches:')
  throw new Error(`no hotline has a switch "${name}"; ${hint}`)
}

/** `power/outage is on (Large outage announcement), turned by anna on 21 Nov at 22:10, off by itself ...`. */
function inWords(one: Found): string {
  const { state: { on, for: purpose, turned }, zone } = one
  const when = (ms: number): string => DateTime.fromMillis(ms, { zone }).setLocale('en').toFormat('ccc d LLL HH:mm')
  const since = turned ? `, since ${when(turned.at)} by ${turned.by}` : ', as the flow starts it'
  const until = turned?.until === undefined ? '' : `; ${on ? 'off' : 'on'} by itself at ${when(turned.until)}`
  return `${fullName(one)} is ${on ? 'on' : 'off'} (${purpose})${since}${until}`
}
