import { createInterface } from 'node:readline'
import { DateTime } from 'luxon'
import { Sessions } from '../engine/call/sessions.ts'
import { VirtualClock } from '../engine/clock.ts'
import { milliseconds } from '../engine/duration.ts'
import { RecentCalls } from '../engine/history.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { Backends } from '../engine/backends/backends.ts'
import type { Prompt } from '../engine/call/effects.ts'
import { didYouMean } from '../engine/did-you-mean.ts'
import { plainNumber, type Flow } from '../engine/language/flow.ts'
import { fixedSwitches } from '../engine/switches.ts'
import type { BackendAnswer, BackendPort, Log } from '../engine/ports.ts'
import { Simulator, type Perceived, type SimulatedCall } from '../telephony/simulator.ts'
import { readSettings } from './settings.ts'

/** How often time moves on at a terminal, in milliseconds. */
const tick = 50
/** Prompts heard one after the other behind the last line; more are a hotline that never stops. */
const mostPrompts = 100

/**
 * `from`: the caller's number; `before`: how the same number's call an hour ago ended; `at`: when the call comes in;
 * `switch`: switches that are on, or off: `outage`, `bookings=off`.
 */
export type PlayOptions = { from: string; before?: string; at?: string; switch: string[] }

/** `callwright play`: a call at the terminal. Time passes by itself there; from a file or pipe only when told to. */
export async function play(path: string, options: PlayOptions): Promise<void> {
  const settings = readSettings()
  const hotline = theOne(readHotlines(path, settings.flowEnv), path)
  if (!hotline.compiled) {
    for (const mistake of hotline.mistakes) console.error(`${mistake.pretty()}\n`)
    process.exitCode = 1
    return
  }
  const { flow } = hotline.compiled
  const clock = new VirtualClock(startTime(options.at, flow.timezone))
  const simulator = new Simulator({ name: 'terminal', clock })
  const history = new RecentCalls()
  const asking = new Asking(new Backends({ allow: settings.backendsAllow }))
  const sessions = new Sessions({ flowFor: () => hotline.compiled, clock, history, log: quiet, backends: asking, switches: fixedSwitches(switchesGiven(options.switch, flow)), voice: { sound: () => Promise.reject(new Error('no sound here')) } })
  await sessions.answer(simulator)
  const screen = new Screen(clock)
  sessions.watch((note) => {
    if (note.type === 'step') screen.step(note.step, note.kind)
    if (note.type === 'outcome') screen.aside(`outcome: ${note.name}`)
    if (note.type === 'request') screen.aside(`asks ${note.backend}`)
    if (note.type === 'left') screen.aside(`left for people: ${Object.entries(note.left).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ')}`)
    if (note.type === 'trouble') screen.aside(`trouble: ${note.words}`)
  })
  const live = process.stdin.isTTY === true
  screen.head(`${flow.title}, on ${flow.numbers[0] ?? '-'}`)
  if (live) screen.aside('keys 0-9 * #   space: on to what happens next   a: an agent answers, then hangs up   n: nobody is there   q: hang up')
  const from = options.from || (options.before === undefined ? '' : '+61255501234')
  if (options.before !== undefined) history.keep({ id: 'before', caller: from, called: '', hotline: flow.name, at: clock.now() - 3_600_000, outcome: options.before, step: '', language: flow.languages[0] })
  const call = simulator.dial({ called: plainNumber(flow.numbers[0] ?? ''), caller: from }, (what) => {
    screen.perceived(what)
    // There is no microphone here: who is asked to speak at a terminal does, until the end key.
    if (live && what.type === 'recording') queueMicrotask(() => call.speak(what.longest))
  })
  const caller = new Hand(call, clock, screen)
  if (live) await atTerminal(caller, screen, clock)
  else await fromLines(caller, screen, asking)
  await asking.close()
}

function theOne(hotlines: Hotline[], path: string): Hotline {
  const [first, ...more] = hotlines
  if (first && more.length === 0) return first
  throw new Error(`${path} holds ${hotlines.length} hotlines: name one, ${hotlines.map((one) => `"callwright play ${one.file.replace(/\/hotline\.yaml$/, '')}"`).join(' or ')}`)
}

/** The switches named, and how they stand. */
function switchesGiven(given: string[], flow: Flow): Map<string, boolean> {
  return new Map(given.map((one): [string, boolean] => {
    const [, name = '', how] = /^(.*?)(?:=(on|off))?$/.exec(one)!
    if (!Object.hasOwn(flow.switches, name)) {
      const names = Object.keys(flow.switches)
      throw new Error(`there is no switch "${name}" in ${flow.title}; ${didYouMean(name, names, names.length > 0 ? undefined : 'its flow lists none under switches:')}`)
    }
    return [name, how !== 'off']
  }))
}

function startTime(text: string | undefined, zone: string): number {
  if (text === undefined) return Date.now()
  const time = DateTime.fromISO(text.trim().replace(' ', 'T'), { zone })
  if (!time.isValid) throw new Error(`--at ${text} is not a time: write for instance 2026-11-23T10:00`)
  return time.toMillis()
}

/** What the person with the phone does. */
class Hand {
  private readonly call: SimulatedCall
  private readonly clock: VirtualClock
  private readonly screen: Screen
  private talking = false

  constructor(call: SimulatedCall, clock: VirtualClock, screen: Screen) {
    this.call = call
    this.clock = clock
    this.screen = screen
  }

  press(key: string): void {
    this.screen.pressed(key)
    this.call.press(key)
  }

  /** On to what happens next: the end of the prompt, of a silence, of a wait. */
  skip(): void {
    const ms = this.clock.untilNext
    if (ms === undefined) this.screen.aside('nothing more will happen by itself')
    else this.clock.pass(ms)
  }

  /** Speaks into a recording; live, until the end key is pressed. */
  speak(ms: number): void {
    this.call.speak(ms)
    this.screen.aside(`you speak for ${ms / 1000} s`)
    this.clock.pass(ms)
  }

  wait(ms: number): void {
    this.screen.aside(`${ms / 1000} s pass`)
    this.clock.pass(ms)
  }

  agent(): void {
    // An agent is spoken of while the caller still hears who will answer.
    for (let i = 0; i < 3 && this.screen.kind === 'queue' && this.screen.state === 'talking' && !this.talking; i++) this.skip()
    if (this.talking) {
      this.talking = false
      this.screen.aside('the agent hangs up')
      this.call.leaveQueue('answered')
    } else if (this.screen.state === 'queued') {
      this.talking = true
      this.call.agentAnswers('agent')
    }
  }

  nobody(): void {
    this.talking = false
    this.call.leaveQueue('nobody-there')
    this.call.endTransfer('no-answer')
  }

  hangUp(): void {
    this.call.hangUp()
  }
}

/** Backends that are really asked; `settled` when none is being waited for, so that a script goes on at the answer. */
class Asking implements BackendPort {
  private readonly backends: Backends
  private readonly open = new Set<Promise<unknown>>()

  constructor(backends: Backends) {
    this.backends = backends
  }

  request(asked: Parameters<BackendPort['request']>[0]): Promise<BackendAnswer> {
    const answer = this.backends.request(asked)
    this.open.add(answer)
    void answer.finally(() => this.open.delete(answer))
    return answer
  }

  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open)
  }

  async close(): Promise<void> {
    await this.backends.close()
  }
}

async function fromLines(hand: Hand, screen: Screen, asking: Asking): Promise<void> {
  await asking.settled()
  for await (const raw of createInterface({ input: process.stdin })) {
    const line = raw.trim()
    const [, what, length] = /^(wait|speak)\s+(\S+)$/i.exec(line) ?? []
    const ms = length === undefined ? undefined : milliseconds(length)
    if (line === '' || line.startsWith('//')) continue
    if (/^[0-9*#]+$/.test(line)) for (const key of line) hand.press(key)
    else if (ms !== undefined && what?.toLowerCase() === 'speak') hand.speak(ms)
    else if (ms !== undefined) hand.wait(ms)
    else if (/^(next|skip)$/i.test(line)) hand.skip()
    else if (/^agent$/i.test(line)) hand.agent()
    else if (/^nobody$/i.test(line)) hand.nobody()
    else if (/^hang[ -]?up$/i.test(line)) hand.hangUp()
    else throw new Error(`"${line}" is nothing that a caller does: write keys, "wait 5s", "speak 5s", "next", "agent", "nobody" or "hang up"`)
    await asking.settled()
    if (screen.state === 'ended') break
  }
  // The end of the input is a caller who has nothing more to say: they hear what is being said, and hang up.
  for (let n = 0; screen.saying && n < mostPrompts; n++) {
    hand.skip()
    await asking.settled()
  }
  hand.hangUp()
}

function atTerminal(hand: Hand, screen: Screen, clock: VirtualClock): Promise<void> {
  const { stdin } = process
  stdin.setRawMode(true)
  stdin.resume()
  return new Promise((resolve) => {
    const beat = setInterval(() => {
      clock.pass(tick)
      if (screen.state === 'ended') stop()
    }, tick)
    const typed = (data: Buffer): void => {
      for (const key of data.toString()) {
        if (/[0-9*#]/.test(key)) hand.press(key)
        else if (key === ' ' || key === '\r') hand.skip()
        else if (key === 'a') hand.agent()
        else if (key === 'n') hand.nobody()
        else if (key === 'q' || key === 'h' || key === '\u0003' || key === '\u0004') hand.hangUp()
      }
    }
    const stop = (): void => {
      clearInterval(beat)
      stdin.off('data', typed)
      stdin.setRawMode(false)
      stdin.pause()
      resolve()
    }
    stdin.on('data', typed)
  })
}

/** What is seen of a call. */
class Screen {
  state: 'talking' | 'recording' | 'queued' | 'ended' = 'talking'
  /** The kind of the step that the call is in. */
  kind = ''
  private readonly clock: VirtualClock
  private readonly began: number
  /** When what is being said ends. */
  private saidUntil = 0
  private shownStep = ''
  private currentStep = ''

  constructor(clock: VirtualClock) {
    this.clock = clock
    this.began = clock.now()
  }

  /** Whether something is being said. */
  get saying(): boolean {
    return this.clock.now() < this.saidUntil
  }

  head(words: string): void {
    console.log(bold(words))
  }

  step(name: string, kind: string): void {
    this.currentStep = name
    this.kind = kind
  }

  pressed(key: string): void {
    console.log(`${this.time()}  ${bold(`you press ${key}`)}`)
  }

  aside(words: string): void {
    console.log(`${this.time()}  ${dim(`(${words})`)}`)
  }

  perceived(what: Perceived): void {
    this.saidUntil = what.type === 'prompt' || what.type === 'replay' ? this.clock.now() + what.ms : 0
    switch (what.type) {
      case 'prompt': return this.prompt(what.prompt)
      case 'prompt-stopped': return
      case 'queued':
        this.state = 'queued'
        this.where()
        this.aside(`music: waiting in the queue ${what.queue}, for ${Math.round(what.maxWait / 60_000)} minutes at most`)
        return this.aside(`the agent sees: ${Object.entries(what.tell).map(([name, value]) => `${name} ${value}`).join(', ') || 'the number'}`)
      case 'transferred': return this.aside(`ringing at ${what.to}`)
      case 'recording':
        this.state = 'recording'
        return this.aside(`a tone: you speak, until ${what.end}`)
      case 'recorded':
        this.state = 'talking'
        return this.aside(what.how === 'nothing-said' ? 'not a word was said' : `${Math.round(what.ms / 1000)} s recorded`)
      case 'replay': return this.aside(`you hear what you said, ${Math.round(what.ms / 1000)} s`)
      case 'agent-answered': return this.aside(`${what.agent} answers`)
      case 'ended':
        this.state = 'ended'
        console.log(`${this.time()}  ${bold(what.by === 'line' ? 'the line is hung up' : 'you hang up')}`)
    }
  }

  private prompt(prompt: Prompt): void {
    this.state = 'talking'
    this.where()
    const [first] = prompt
    const oneLanguage = prompt.every(({ language }) => language === first?.language)
    if (oneLanguage) console.log(`${this.time()}  ${first?.language}: ${prompt.map(({ text }) => text).join(' ')}`)
    else for (const { text, language } of prompt) console.log(`${this.time()}  ${language}: ${text}`)
  }

  private where(): void {
    if (this.currentStep === this.shownStep) return
    this.shownStep = this.currentStep
    console.log(dim(`       [${this.currentStep}]`))
  }

  private time(): string {
    const seconds = Math.floor((this.clock.now() - this.began) / 1000)
    return dim(`${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`)
  }
}

const colours = process.stdout.isTTY && !process.env.NO_COLOR
const bold = (text: string): string => (colours ? `\u001b[1m${text}\u001b[0m` : text)
const dim = (text: string): string => (colours ? `\u001b[2m${text}\u001b[0m` : text)

const quiet: Log = { info() {}, warn() {}, error() {} }
