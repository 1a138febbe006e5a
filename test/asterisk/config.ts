import { MODULES } from './modules.ts'

/** Password of every agent phone; the instance listens on loopback only. */
export const AGENT_PASSWORD = 'agent-secret'

/** Pitch of the music on hold, in Hz. */
export const MUSIC_ON_HOLD_TONE = 350

export interface ConfigChoices {
  /** Context into which callers come. */
  context: string
  /** How many endpoints `agent1`, `agent2`... there are. */
  agents: number
  sipPort: number
  amiPort: number
  rtp: { first: number, last: number }
  /** Modules to load besides the usual, without `.so`. */
  modules: string[]
  folder: string
  installedModules: string
}

/** Read at every start; the defaults will do, but a missing file is an error in the log. */
const DEFAULTS = ['acl.conf', 'ccss.conf', 'cel.conf', 'features.conf', 'queuerules.conf', 'res_http_media_cache.conf', 'udptl.conf']

/** The configuration files of a private Asterisk, by name. Everything it reads and writes is in `folder`. */
export function baseConfig(choices: ConfigChoices): Record<string, string> {
  const { folder } = choices
  return {
    'asterisk.conf': `
[directories]
astetcdir => ${folder}/etc
astmoddir => ${choices.installedModules}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/lib
astkeydir => ${folder}/lib
astcachedir => ${folder}/spool
astdatadir => ${folder}/data
astagidir => ${folder}/data/agi-bin
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
astsbindir => ${folder}/run
[options]
verbose = 3
dumpcore = no
hideconnect = yes
maxfiles = 20000
lightbackground = no
`,
    'modules.conf': `[modules]\nautoload = no\n${[...MODULES, ...choices.modules].map((name) => `load = ${name}.so\n`).join('')}`,
    'logger.conf': '[general]\ndateformat = %F %T.%3q\n[logfiles]\nfull => notice,warning,error,verbose\n',
    'cdr.conf': '[general]\nenable = no\n',
    'rtp.conf': `[general]\nrtpstart = ${choices.rtp.first}\nrtpend = ${choices.rtp.last}\nicesupport = no\nstrictrtp = no\n`,
    'manager.conf': `[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = ${choices.amiPort}\n`,
    'musiconhold.conf': `[default]\nmode = files\ndirectory = ${folder}/data/moh\n`,
    'queues.conf': '[general]\npersistentmembers = no\nautofill = yes\nshared_lastcall = yes\nlog_membername_as_agent = yes\n',
    'extensions.conf': '[general]\nstatic = yes\nwriteprotect = yes\nclearglobalvars = no\n',
    'pjproject.conf': '[startup]\nlog_level = 2\n',
    'indications.conf': '[general]\ncountry = us\n[us]\ndescription = United States\nringcadence = 2000,4000\nring = 440+480/2000,0/4000\nbusy = 480+620/500,0/500\n',
    'pjsip.conf': pjsip(choices),
    ...Object.fromEntries(DEFAULTS.map((name) => [name, ''])),
  }
}

function pjsip({ context, agents, sipPort }: ConfigChoices): string {
  // An agent is known by the name it calls itself; everybody else on this machine is a caller.
  const rules = `
[global]
type = global
endpoint_identifier_order = auth_username,username,ip
; Else a burst of events in the manager makes PJSIP refuse calls.
taskprocessor_overload_trigger = pjsip_only

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:${sipPort}

[media](!)
type = endpoint
transport = udp
disallow = all
allow = ulaw,alaw
dtmf_mode = rfc4733
direct_media = no
rtp_symmetric = yes
timers = no

[caller](media)
context = ${context}

[from-this-machine]
type = identify
endpoint = caller
match = 127.0.0.1
`
  const phones = Array.from({ length: agents }, (_, index) => `agent${index + 1}`).map((name) => `
[${name}](media)
context = ${context}
auth = ${name}
aors = ${name}
send_pai = yes
trust_id_outbound = yes
[${name}]
type = auth
auth_type = userpass
username = ${name}
password = ${AGENT_PASSWORD}
[${name}]
type = aor
max_contacts = 1
remove_existing = yes
`)
  return rules + phones.join('')
}
