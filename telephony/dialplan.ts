import { CHECK_EXTENSIONS, CONTEXTS, EXTENSION, LEASE, PHONE_NUMBER, RECORD_EXTENSION, VARIABLES } from './ami/places.ts'
import { survivalContexts, type Surviving } from './survival/survival.ts'

export type DialplanHotline = {
  /** `[A-Za-z0-9_-]`, unique. */
  name: string
  /** The numbers it answers, with or without `+`. */
  numbers: readonly string[]
  /** The queues that its flow names. */
  queues: readonly string[]
  /** Where callers go when no engine looks after them. Default: none, they hear `sorry`. */
  fallbackQueue?: string
  /** What callers hear who cannot be helped: a sound as Asterisk knows it, path without ending. Default: a busy tone. */
  sorry?: string
  /** What callers can do while no engine runs. Default: nothing, they go to the fallback queue. */
  survival?: Surviving['survival']
}

export type DialplanOptions = {
  hotlines: readonly DialplanHotline[]
  ami: {
    user: string
    secret: string
    /** Addresses that may log in, in Asterisk's notation. Default loopback alone. */
    permit?: readonly string[]
  }
  /** Seconds until a caller for whom no engine speaks up goes to the fallback. Default: `LEASE`. */
  lease?: number
  transfers?: {
    /** Numbers that may be called; one ending in `*` stands for all that begin so. */
    allow: readonly string[]
    /** How to call them: `PJSIP/{number}@trunk`. */
    dial: string
  }
  /** The folder of recordings as Asterisk sees it. Default: nothing is recorded while no engine runs. */
  recordings?: string
}

/** How long a new call rings while nobody is logged in to order it about: as an engine needs to start again. */
const RESTART_SECONDS = 0.7
/** So often a call may come back to wait for orders before something must be wrong. */
const MOST_RESUMES = 100

const ANY_NUMBER = '_[+0-9]!'

/** The events that translate.ts understands. */
const EVENTS = ['AsyncAGI(Start|Exec|End)', 'AGIExecStart', 'DTMF(Begin|End)', 'AgentConnect', 'Hangup']

/**
 * Asterisk's side of the engine, as text by file name: `extensions.conf`, `manager.conf`, `queues.conf` and a
 * `README` that says what to do with them. The dialplan alone keeps every caller out of silence when no engine is
 * there. Throws an Error that names the value if one cannot safely stand in a configuration file.
 */
export function writeDialplan(options: DialplanOptions): Record<string, string> {
  check(options)
  const queues = [...new Set(options.hotlines.flatMap((line) => [...line.queues, ...(line.fallbackQueue ? [line.fallbackQueue] : [])]))]
  return {
    'extensions.conf': [
      '; Written by Callwright from its flows. Changes are lost when it is written again.',
      entry(options.hotlines),
      control(options.lease ?? LEASE, options.ami.user),
      queueContext(queues),
      transferContext(options.transfers),
      recordContext(),
      checkContext(),
      ...survivalContexts(options.hotlines, { transfers: options.transfers, recordings: options.recordings }),
      fallback(options.hotlines),
    ].join('\n\n') + '\n',
    'manager.conf': manager(options.ami),
    'queues.conf': queuesConf(queues),
    README: readme(queues),
  }
}

function entry(hotlines: readonly DialplanHotline[]): string {
  const lines = hotlines.flatMap(({ name, numbers }) =>
    // Trunks send a number with or without its +.
    [...new Set(numbers.flatMap(forms))].map((exten) => {
      const called = numbers.find((number) => forms(number).includes(exten)) ?? exten
      return `exten => ${exten},1,Set(${VARIABLES.called}=${called})\n same => n,Set(${VARIABLES.hotline}=${name})\n same => n,Goto(${CONTEXTS.control},entry,1)`
    }),
  )
  return [`; Callers come in here: point your trunks at it.\n[${CONTEXTS.in}]`, ...lines].join('\n')
}

/** A number as trunks may send it: with its +, without, and a long one written without + with it as well. */
const forms = (number: string): string[] => [number, number.replace('+', ''), ...(/^\d{7,}$/.test(number) ? [`+${number}`] : [])]

/** The call waits here for orders. Each wait has a lease, so that nobody waits for an engine that is not there. */
function control(lease: number, user: string): string {
  // How many times our user is logged in to the manager interface (AMI_CLIENT in Asterisk's main/manager.c).
  const loggedIn = `AMI_CLIENT(${user},sessions)`
  // Until the engine says where the call goes on, it is behind the queue or the transfer of its step.
  const back = `Set(${VARIABLES.step}=back_\${${VARIABLES.step}:5})`
  const leased = ` same => n,Set(TIMEOUT(absolute)=${lease})`
  return `; Callers wait here for the engine's orders. Extension T: nobody gave any.
[${CONTEXTS.control}]
; Where the engine gave none to the last caller and has not spoken up since then, nobody need wait.
exten => entry,1,Set(${VARIABLES.gone}=$["\${${VARIABLES.driver}}" != "" & "\${${VARIABLES.absent}}" = "x\${${VARIABLES.driver}}"])
 same => n,GotoIf($[\${${VARIABLES.gone}} | "\${${loggedIn}}" != "0"]?answer)
; With nobody logged in to order it about, a call rings for a moment: an engine may just be starting again.
 same => n,Wait(${RESTART_SECONDS})
 same => n,Set(${VARIABLES.gone}=$["\${${loggedIn}}" = "0"])
 same => n(answer),Answer()
 same => n,GotoIf($[\${${VARIABLES.gone}}]?let-go,1)
; What a stranger can send is kept short: Asterisk has 1024 bytes to tell the engine of a call.
 same => n,Set(CALLERID(name)=\${CALLERID(name):0:60})
 same => n,Set(CALLERID(num)=\${CALLERID(num):0:40})
 same => n,GotoIf($[\${LEN(\${CALLERID(rdnis)})} <= 40]?wait)
 same => n,Set(CALLERID(rdnis)=\${CALLERID(rdnis):0:40})
 same => n(wait),Set(TIMEOUT(absolute)=${lease})
 same => n,AGI(agi:async,entry,\${${VARIABLES.called}})
 same => n,Goto(resumed,1)
exten => resumed,1,Set(${VARIABLES.resumed}=$[0\${${VARIABLES.resumed}} + 1])
 same => n,GotoIf($[\${${VARIABLES.resumed}} > ${MOST_RESUMES}]?T,1)
${leased}
 same => n,AGI(agi:async,resumed)
 same => n,Goto(resumed,1)
exten => queue-left,1,${back}
${leased}
 same => n,AGI(agi:async,queue-left,\${QUEUESTATUS})
 same => n,Goto(resumed,1)
exten => transfer-ended,1,${back}
${leased}
 same => n,AGI(agi:async,transfer-ended,\${DIALSTATUS})
 same => n,Goto(resumed,1)
exten => recorded,1,NoOp()
${leased}
 same => n,AGI(agi:async,recorded,\${RECORD_STATUS})
 same => n,Goto(resumed,1)
exten => T,1,Set(GLOBAL(${VARIABLES.absent})=x\${${VARIABLES.driver}})
 same => n,Goto(let-go,1)
exten => let-go,1,Set(TIMEOUT(absolute)=0)
 same => n,Goto(${CONTEXTS.survival},\${${VARIABLES.hotline}},1)`
}

function queueContext(queues: readonly string[]): string {
  const lines = queues.map(
    (queue) => `exten => ${queue},1,Set(TIMEOUT(absolute)=0)
 same => n,Set(QUEUESTATUS=)
 same => n,Queue(${queue},c,,,\${${VARIABLES.wait}})
 same => n,Goto(${CONTEXTS.control},queue-left,1)`,
  )
  return [
    '; Callers wait here for an agent, whatever becomes of the engine, and come back.',
    `[${CONTEXTS.queue}]`,
    ...lines,
    // A flow newer than this file may name a queue that is not here. Not `h` and `T`, which mean something to Asterisk.
    `exten => _[a-zA-Z0-9][a-zA-Z0-9_]!,1,Set(QUEUESTATUS=UNKNOWN)\n same => n,Goto(${CONTEXTS.control},queue-left,1)`,
  ].join('\n')
}

function transferContext(transfers: DialplanOptions['transfers']): string {
  const lines = (transfers?.allow ?? []).map((entryOf) => {
    const exten = entryOf === '*' ? ANY_NUMBER : entryOf.endsWith('*') ? `_${entryOf.slice(0, -1)}!` : entryOf
    const dial = (transfers?.dial ?? '').replaceAll('{number}', '${EXTEN}')
    return `exten => ${exten},1,Set(TIMEOUT(absolute)=0)
 same => n,Set(DIALSTATUS=)
 same => n,Dial(${dial},\${${VARIABLES.ring}},gr)
 same => n,Goto(${CONTEXTS.control},transfer-ended,1)`
  })
  return [
    '; Only what is listed here can be called.',
    `[${CONTEXTS.transfer}]`,
    ...lines,
    ...(transfers?.allow.includes('*')
      ? []
      : [`exten => ${ANY_NUMBER},1,Set(DIALSTATUS=NOTALLOWED)\n same => n,Goto(${CONTEXTS.control},transfer-ended,1)`]),
  ].join('\n')
}

/** The tone is made here: Asterisk's own `beep` is a sound file that an installation may not have. */
function recordContext(): string {
  const { record, silence, longest, recordOptions } = VARIABLES
  return `; Callers speak here after a tone, whatever becomes of the engine, and come back.
[${CONTEXTS.record}]
exten => ${RECORD_EXTENSION},1,Set(TIMEOUT(absolute)=0)
 same => n,Set(RECORD_STATUS=)
 same => n,PlayTones(!1000/300)
 same => n,Wait(0.3)
 same => n,StopPlayTones()
 same => n,Record(\${${record}},\${${silence}},\${${longest}},\${${recordOptions}})
 same => n,Goto(${CONTEXTS.control},recorded,1)`
}

/** One end listens, at the other the engine plays. Nobody dials in here. */
function checkContext(): string {
  return `; Here the engine tries whether Asterisk can get at the prompts; no caller comes here.
[${CONTEXTS.check}]
exten => ${CHECK_EXTENSIONS.listen},1,Answer()
 same => n,Wait(120)
 same => n,Hangup()
exten => ${CHECK_EXTENSIONS.play},1,Set(TIMEOUT(absolute)=30)
 same => n,AGI(agi:async,sounds)
 same => n,Hangup()
exten => T,1,Hangup()`
}

function fallback(hotlines: readonly DialplanHotline[]): string {
  const lines = hotlines.map(({ name, fallbackQueue, sorry }) => [
    `exten => ${name},1,Set(TIMEOUT(absolute)=0)`,
    ' same => n,Answer()',
    ...(fallbackQueue ? [` same => n,Queue(${fallbackQueue},c)`, ' same => n,GotoIf($["${QUEUESTATUS}" = "CONTINUE"]?done)'] : []),
    // Words that cannot be played leave nobody in silence either.
    ...(sorry ? [` same => n,Playback(${sorry})`, ' same => n,GotoIf($["${PLAYBACKSTATUS}" = "SUCCESS"]?done)'] : []),
    ' same => n,PlayTones(busy)',
    ' same => n,Wait(6)',
    ' same => n(done),Hangup()',
  ].join('\n'))
  return ['; What becomes of callers for whom nothing else can be done: an agent, else a word and a hang-up.', `[${CONTEXTS.fallback}]`, ...lines].join('\n')
}

function manager({ user, secret, permit = ['127.0.0.1/255.255.255.255', '::1/128'] }: DialplanOptions['ami']): string {
  return `; Written by Callwright. In the [general] section of manager.conf: enabled = yes, bindaddr = 127.0.0.1
[${user}]
secret = ${secret}
deny = 0.0.0.0/0.0.0.0
deny = ::/0
${permit.map((address) => `permit = ${address}`).join('\n')}
read = system,call,agent,agi,dtmf
; originate: for the channel on which prompts are tried. Without it calls are answered all the same.
write = call,agi,agent,reporting,originate
; A reader that is slow for a moment is not thrown out (milliseconds).
writetimeout = 5000
; Only what is used, in one expression; this form is understood by Asterisk 18, 20 and 22.
eventfilter = ^Event: (${EVENTS.join('|')})[[:space:]]
`
}

function queuesConf(queues: readonly string[]): string {
  const sections = queues.map(
    (queue) => `[${queue}]
strategy = rrmemory
timeout = 20
retry = 1
wrapuptime = 5
ringinuse = no
autofill = yes
musicclass = default
; Nobody logged in, or all paused: callers come back to their flow at once instead of waiting.
joinempty = paused,unavailable,invalid,unknown
leavewhenempty = paused,unavailable,invalid,unknown
; member = PJSIP/agent1,0,Agent 1
`,
  )
  return ['; A starting point written by Callwright, and written again each time: copy it once, and keep your members in your copy.', ...sections].join('\n')
}

function readme(queues: readonly string[]): string {
  return `How to put these files into Asterisk (18, 20 or 22)

1. Copy extensions.conf, manager.conf and queues.conf into a folder callwright/ beside Asterisk's own files
   (usually /etc/asterisk/callwright/). manager.conf holds a password: let only Asterisk read it (chmod 640).
2. Add one line at the end of each of Asterisk's own files:
     extensions.conf:  #include callwright/extensions.conf
     manager.conf:     #include callwright/manager.conf
     queues.conf:      #include callwright/queues.conf      (leave it out if you have these queues already)
   and see that manager.conf has, in [general]:  enabled = yes   bindaddr = 127.0.0.1
3. Point your trunks at the context ${CONTEXTS.in} (pjsip.conf: context = ${CONTEXTS.in}).
4. Reload:
     asterisk -rx 'dialplan reload'
     asterisk -rx 'manager reload'
     asterisk -rx 'queue reload all'
5. Log agents in${queues[0] ? `, for example:  asterisk -rx 'queue add member PJSIP/agent1 to ${queues[0]}'` : ' to your queues'}

Modules needed besides the usual: res_agi (and res_speech, without which it does not load), app_queue, app_dial,
app_controlplayback, app_read, app_record, app_playtones, app_stack, func_timeout, func_callerid, func_logic, func_rand,
func_strings, res_musiconhold, format_wav, pbx_config.
Write these files again, and reload, whenever a flow has changed, and once a year: while Callwright does not run,
callers go through the flows as they stand here, and holidays are known for thirteen months.
`
}

/** Nothing that Asterisk's configuration would read as syntax gets through. */
function check({ hotlines, ami, lease, transfers }: DialplanOptions): void {
  const all = (what: string, values: readonly string[], form: RegExp): void => {
    const wrong = values.find((value) => !form.test(value))
    if (wrong !== undefined) throw new Error(`${what} ${JSON.stringify(wrong)} cannot stand in Asterisk's configuration; it must look like ${form.source}`)
  }
  all('the hotline name', hotlines.map(({ name }) => name), EXTENSION)
  all('the number', hotlines.flatMap(({ numbers }) => numbers), /^\+?[0-9A-Za-z*#]{1,40}$/)
  all('the queue', hotlines.flatMap(({ queues, fallbackQueue }) => [...queues, ...(fallbackQueue ? [fallbackQueue] : [])]), EXTENSION)
  all('the sound', hotlines.flatMap(({ sorry }) => (sorry === undefined ? [] : [sorry])), /^[\p{L}\p{N} _./+-]+$/u)
  all('the AMI user', [ami.user], /^[A-Za-z0-9_.-]{1,60}$/)
  // Printable and without what starts a comment; Asterisk cuts white space off both ends.
  if (!/^(?=\S)[\x20-\x3a\x3c-\x7e]{1,200}(?<=\S)$/.test(ami.secret)) {
    throw new Error('the AMI secret cannot stand in manager.conf: take 1 to 200 ASCII letters, digits and signs, no ";"')
  }
  all('the address', ami.permit ?? [], /^[0-9A-Fa-f:./]+$/)
  all('the lease', lease === undefined ? [] : [String(lease)], /^[0-9]+(\.[0-9]+)?$/)
  const allow = transfers?.allow ?? []
  all('the allowed number', allow.filter((one) => one !== '*').map((one) => one.replace(/\*$/, '')), PHONE_NUMBER)
  all('the way to dial', transfers ? [transfers.dial] : [], /^[A-Za-z0-9]+\/[A-Za-z0-9_.:@/+-]*\{number\}[A-Za-z0-9_.:@/+-]*$/)
  const numbers = hotlines.flatMap((line) => line.numbers.map((number) => number.replace('+', '')))
  const twice = numbers.find((number, at) => numbers.indexOf(number) !== at)
  if (twice !== undefined) throw new Error(`the number ${twice} is given to two hotlines, or twice to one`)
}
