import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Prompt } from '../engine/call/effects.ts'
import { realClock } from '../engine/clock.ts'
import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { plainNumber, type Flow } from '../engine/language/flow.ts'
import { survive } from '../engine/language/survive.ts'
import type { Clock } from '../engine/ports.ts'
import { packFor } from '../engine/saying/index.ts'
import { promptsOf } from '../engine/survival.ts'
import { writeDialplan } from '../telephony/dialplan.ts'
import { count } from './check.ts'
import { createLog } from './log.ts'
import { lackingInWords, leftOut } from './left-out.ts'
import { lossesInWords } from './losses.ts'
import { giveTo, sudoUser, type Owner } from './owner.ts'
import type { Progress } from './patient-voices.ts'
import { amiSecret, readSettings, type Settings } from './settings.ts'
import { survivalFolder, SurvivalSounds } from './survival-sounds.ts'
import { openVoices } from './voices-file.ts'
import { rememberWritten } from './written-dialplan.ts'

/**
 * `callwright dialplan`: the Asterisk side of all hotlines without mistakes, into a folder or on the screen. Exit code
 * 1 when a hotline holds mistakes, and then nothing is written; or when there is no sound of some texts.
 */
export async function dialplan(
  path: string,
  options: { to: string; print?: boolean; withoutBad?: boolean },
  clock: Pick<Clock, 'after'> = realClock,
): Promise<void> {
  const settings = readSettings()
  const hotlines = readHotlines(path, settings.flowEnv)
  const flows = hotlines.flatMap(({ compiled }) => (compiled ? [compiled.flow] : []))
  const bad = hotlines.filter(({ compiled }) => !compiled).map(({ name }) => name)
  if (bad.length > 0 && !options.withoutBad) {
    // Without its numbers Asterisk would refuse the callers of a hotline that is answered now.
    console.error(`Nothing was written: ${bad.join(', ')} holds mistakes (callwright check). Mend them, or leave it out with --without-bad.`)
    process.exitCode = 1
    return
  }
  for (const name of bad) console.error(`${name} is left out: its numbers will not be answered`)
  if (flows.length === 0) throw new Error('no hotline is free of mistakes; nothing was written')
  const { written, lacking } = await withSounds({ hotlines, flows, settings, clock })
  const files = writeDialplan({
    hotlines: written,
    // Looking does not make a secret, nor show one.
    ami: { user: settings.ami.user, secret: options.print ? '(it stands here when written with --to)' : amiSecret(settings) },
    transfers: { allow: settings.transfers, dial: settings.transferDial },
    recordings: settings.recordingsOnAsterisk ?? settings.recordings,
  })
  if (options.print) for (const [name, text] of Object.entries(files)) console.log(`; ---- ${name}\n${text}`)
  else {
    writeInto(options.to, files)
    const from = written.map(({ name, hash, survival: { plan } }) => ({ name, hash, plan }))
    giveTo(sudoUser(), rememberWritten(settings, from))
    console.log(`\n${files.README ?? ''}`)
    for (const { name, survival } of written) console.log(lossesInWords(name, survival.plan).join('\n'))
  }
  for (const line of lackingInWords(lacking)) console.error(line)
  if (lacking.length > 0) process.exitCode = 1
}

function writeInto(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true })
  const reader = asteriskUser(folder)
  for (const [name, text] of Object.entries(files)) {
    // manager.conf holds the secret: for Asterisk's user and us, not for everybody on the machine.
    writeFileSync(join(folder, name), text, { mode: name === 'manager.conf' ? 0o640 : 0o644 })
    giveTo(reader, join(folder, name))
    console.log(`wrote ${join(folder, name)}`)
  }
}

/** Whoever owns Asterisk's own manager.conf beside the folder reads ours too; else whoever has called sudo. */
function asteriskUser(folder: string): Owner | undefined {
  return statSync(join(dirname(resolve(folder)), 'manager.conf'), { throwIfNoEntry: false }) ?? sudoUser()
}

type Work = { hotlines: Hotline[]; flows: Flow[]; settings: Settings; clock: Pick<Clock, 'after'> }

/** What Asterisk needs to know of each hotline, with the sounds that it plays by itself; and those that it lacks. */
async function withSounds({ hotlines, flows, settings, clock }: Work) {
  const voices = await openVoices(settings, createLog(process.stderr))
  for (const { recordings } of hotlines) voices.know(recordings)
  const sounds = new SurvivalSounds(voices, settings)
  const now = realClock.now()
  const sound = (prompt: Prompt): string | undefined => sounds.path(prompt)
  const plans = flows.map((flow) => {
    const regret: Prompt = [{ text: packFor(flow.languages[0])!.sorry, language: flow.languages[0] }]
    return { flow, plan: survive(flow, now), regret }
  })
  try {
    const missing = await sounds.make(eachOnce(plans.flatMap(({ plan, regret }) => [regret, ...promptsOf(plan)])), clock, tellProgress)
    const lacking = plans.flatMap(({ flow, plan, regret }) => leftOut(flow, plan, regret, missing))
    const written = plans.map(({ flow, plan, regret }) => {
      const [sorry, fallbackQueue] = [sound(regret), queueOfLastResort(flow)]
      return {
        name: flow.name,
        hash: flow.hash,
        numbers: flow.numbers.map(plainNumber),
        queues: Object.keys(flow.queues),
        ...(fallbackQueue ? { fallbackQueue } : {}),
        ...(sorry ? { sorry } : {}),
        survival: { plan, sound },
      }
    })
    sounds.tidy(now)
    return { written, lacking }
  } finally {
    voices.close()
    const folders = [settings.prompts, survivalFolder(settings)]
    giveTo(sudoUser(), settings.data, ...folders, ...folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))))
  }
}

const eachOnce = (prompts: Prompt[]): Prompt[] => [...new Map(prompts.map((prompt) => [JSON.stringify(prompt), prompt])).values()]

const tellProgress = ({ left, of, why, pause }: Progress): void =>
  console.error(`${left} of ${count(of, 'prompt')} not made yet (${why}); trying again in ${pause / 1000} s`)

/** The queue that a lost caller of this flow comes to: the one the start leads to soonest, whatever is pressed. */
function queueOfLastResort(flow: Flow): string | undefined {
  const seen = new Set<string>()
  const next = [flow.start]
  for (let name = next.shift(); name !== undefined; name = next.shift()) {
    const step = flow.steps.get(name)
    if (!step || seen.has(name)) continue
    seen.add(name)
    const [queue] = step.parts.queues ?? []
    if (queue) return queue.name
    next.push(...step.ways.values())
  }
  return Object.keys(flow.queues)[0]
}
