import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import type { CallsOptions } from './calls.ts'
import type { GraphOptions } from './graph.ts'
import type { PlayOptions } from './play.ts'
import type { InboxOptions } from './inbox.ts'
import type { PromptsOptions } from './prompts.ts'
import type { StatusOptions } from './status.ts'
import type { SwitchOptions } from './switch.ts'
import type { TestOptions } from './test.ts'
import { version } from './version.ts'

export { tellTraces } from './traces.ts'
export { warmUp } from './warm-up.ts'

/** The commands; each is loaded when it is asked for, so that `check` is quick. Exit codes: 0 all is well, 1 the flows hold mistakes, 2 the command could not be carried out. */
export async function main(argv: string[]): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  for (const out of [process.stdout, process.stderr]) out.on('error', unlessNobodyReads)
  const program = new Command('callwright')
    .description('Call flows in YAML, proven before anyone dials, answered on Asterisk.')
    .version(version)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError('(callwright --help tells more)')
    .addHelpText('after', `
Exit codes: 0 all is well, 1 a flow or its tests hold mistakes, or a test failed, 2 the command could not be carried out;
"diff" and "status" have their own.

A hotline is a folder with a hotline.yaml in it; all of them lie in flows/.
  callwright check                  every mistake, with its place and what to write instead
  callwright play flows/hello       a call at the terminal
  callwright dialplan --to asterisk what Asterisk needs to know
  callwright run                    answers calls, and a page on http://127.0.0.1:8080
`)

  program.command('check')
    .description('Checks flows and names every mistake with its line and column.')
    .argument('[path]', 'a folder of hotlines, one hotline, or a file', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--quiet', 'say nothing when all is well')
    .option('--survival', 'also tell what callers lose while Callwright does not run')
    .action(async (path: string, options: { quiet?: boolean; survival?: boolean }) => (await import('./check.ts')).check(path, options))
  program.command('test')
    .description('Has the conversations of tests.yaml take place, in virtual time, and tells what none of them has walked.')
    .argument('[path]', 'a folder of hotlines, or one hotline', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--grep <text>', 'only tests with this in their name')
    .option('--walk', 'first write conversations that go every way, to tests.walk.yaml')
    .option('--no-coverage', 'do not tell what was not walked')
    .option('--junit <file>', 'write the results for a build server, too')
    .action(async (path: string, options: TestOptions) => (await import('./test.ts')).test(path, options))
  program.command('play')
    .description('A call at the terminal: read what is said, press keys, let time pass.')
    .argument('[flow]', 'a hotline; may be left out when there is only one', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--from <number>', 'the number of the caller', '')
    .option('--before <outcome>', 'the same number has called an hour ago, with this outcome: gave-up')
    .option('--at <time>', 'when the call comes in, for instance 2026-11-23T10:00 (in the hotline\'s time zone)')
    .option('--switch <name>', 'a switch that is on in this call; NAME=off for one that is off; may be given several times', (one: string, all: string[]) => [...all, one], [])
    .addHelpText('after', `
At a terminal time passes by itself; the space bar skips to what happens next.
Without a terminal each line of the input is a key or several, "wait 5s", or "hang up":
  printf '1\\n2600\\nwait 3s\\n' | callwright play flows/vaccination
`)
    .action(async (path: string, options: PlayOptions) => (await import('./play.ts')).play(path, options))
  program.command('run', { isDefault: false })
    .description('Answers calls: in the browser, and on Asterisk when there is one.')
    .addHelpText('after', `
Settings, from the environment or a file .env:
  CALLWRIGHT_FLOWS     folder of hotlines (flows)
  CALLWRIGHT_DATA      what Callwright keeps (.callwright)
  CALLWRIGHT_PROMPTS   folder of sounds, to be read by Asterisk too (.callwright/prompts)
  PROMPTS_MB           how much room they may take, in megabytes (2000)
  CALLWRIGHT_VOICES    the file that describes the voices (.callwright/voices.yaml, if it is there)
  PROMPTS_ON_ASTERISK  the same folder as Asterisk sees it, if elsewhere
  PROMPTS_HOST, PROMPTS_PORT, PROMPTS_URL
                       where an Asterisk on another machine fetches sounds (nowhere, 8081), and as it sees it
  CALLWRIGHT_RECORDINGS, RECORDINGS_ON_ASTERISK
                       the same for what callers say, written by Asterisk (.callwright/recordings)
  CALLS_DAYS           how long calls are remembered (7)
  INBOX_DAYS           how long what callers leave is kept (30)
  RECORDINGS_TO, RECORDINGS_TOKEN
                       an address to which each message of a caller is sent (nowhere), and a token for there
  AMI_HOST, AMI_PORT   where Asterisk's manager interface is (127.0.0.1, 5038)
  AMI_USER, AMI_SECRET who we are there (callwright, and what "callwright dialplan" has made)
  TRANSFERS            numbers that flows may transfer to: +61262050000,+6126207*
  DRAIN                how long calls under way may go on after SIGTERM (20s)
  BACKENDS_ALLOW       private addresses that flows may ask: 10.1.2.3:443,clinic.internal:8443
  TRANSFER_DIAL        how Asterisk dials them (PJSIP/{number}@trunk)
  FLOW_ENV             names of variables that flows may read as env.NAME
  CONSOLE_HOST, CONSOLE_PORT, CONSOLE_NAMES, CONSOLE_TOKEN
                       where the page is (127.0.0.1, 8080), its other names, and a token for it
  METRICS_TOKEN        a token with which metrics may be read from other machines
  LOG_LEVEL, LOG_FORMAT  info, warn or error; json or words
`)
    .action(async () => (await import('./run.ts')).run())
  program.command('status')
    .description('Tells how the engine that runs does, what is wrong and what to do. Exit codes: 0 well, 1 not, 3 none runs.')
    .option('--json', 'for programs')
    .action(async (options: StatusOptions) => (await import('./status.ts')).status(options))
  program.command('calls')
    .description('Tells of the last calls, or the story of one of them.')
    .argument('[id]', 'the id of a call, as the list and the log have it')
    .option('--last <count>', 'how many', '20')
    .option('--numbers', 'show telephone numbers whole')
    .action(async (id: string | undefined, options: CallsOptions) => (await import('./calls.ts')).calls(id, options))
  program.command('forget')
    .description('Erases what is kept of a caller: calls, messages, recordings.')
    .argument('<number>', "the caller's number")
    .action(async (number: string) => (await import('./forget.ts')).forget(number))
  program.command('reload')
    .description('Has the running engine read its flows anew, as it does by itself when a file is saved.')
    .action(async () => (await import('./reload.ts')).reload())
  program.command('switch')
    .description('Tells how the switches of all hotlines stand, and turns one, at once and without a restart.')
    .argument('[name]', 'a switch: outage, or power/outage where several hotlines have one')
    .argument('[on|off]', 'how to turn it')
    .option('--for <time>', 'turn it back by itself after this time: 4h')
    .action(async (name: string | undefined, how: string | undefined, options: SwitchOptions) => (await import('./switch.ts')).turnSwitch(name, how, options))
  program.command('inbox')
    .description('Tells what callers have left: messages, wishes to be called back, answers of surveys, text messages.')
    .argument('[what]', 'voicemail, callback, survey or message; done or erase to deal with some')
    .argument('[ids...]', 'after done or erase: the ids of those')
    .option('--all', 'also what has been dealt with')
    .option('--json', 'for programs')
    .addHelpText('after', `
  callwright inbox voicemail          messages, the newest last
  callwright inbox done 1763.1:7      this one has been dealt with
  callwright inbox erase 1763.1:7     removes it for good, with its recording
`)
    .action(async (what: string | undefined, ids: string[], options: InboxOptions) => (await import('./inbox.ts')).inbox(what, ids, options))
  program.command('dialplan')
    .description('Writes the Asterisk side: contexts for every number, queues, fallback, the manager user.')
    .argument('[path]', 'a folder of hotlines, or one hotline', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--to <folder>', 'where to write', 'asterisk')
    .option('--print', 'print instead of writing')
    .option('--without-bad', 'leave out hotlines that hold mistakes, and write the others')
    .action(async (path: string, options: { to: string; print?: boolean; withoutBad?: boolean }) => (await import('./dialplan.ts')).dialplan(path, options))

  program.command('schema')
    .description('Writes the JSON Schema of a flow, for completion and hover in an editor.')
    .option('--to <file>', 'where to write (default: print)')
    .action(async (options: { to?: string }) => (await import('./schema.ts')).schema(options))

  program.command('graph')
    .description('Draws a flow: every step, what is said, and where each key leads.')
    .argument('[path]', 'a hotline, or a folder of them', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--to <file>', 'where to write: a file, a folder, or - (default: NAME.svg in this folder)')
    .option('--language <tag>', 'the language of the texts shown (default: the first)')
    .option('--mermaid', 'print it as a Mermaid flowchart')
    .option('--xstate', 'print the machine as XState JSON')
    .action(async (path: string, options: GraphOptions) => (await import('./graph.ts')).graph(path, options))
  program.command('explain')
    .description('Tells in words what a caller hears at a step and where each thing leads.')
    .argument('[flow]', 'a hotline; may be left out')
    .argument('[step]', 'the name of a step; all steps when it is left out')
    .action(async (flow: string | undefined, step: string | undefined) => {
      const flows = process.env.CALLWRIGHT_FLOWS || 'flows'
      ;(await import('./explain.ts')).explain(flow ?? flows, step, flows)
    })
  program.command('diff')
    .description('Tells what changes for callers between two versions of a flow. Exit codes: 0 nothing, 1 something, 2 it cannot be told.')
    .argument('<old>', 'a folder of hotlines, one hotline, or a file')
    .argument('<new>', 'the same, newer')
    .action(async (old: string, now: string) => (await import('./diff.ts')).diff(old, now))

  program.command('prompts')
    .description('Lists what callers hear, who says it, and what is missing; makes it, plays it, and takes in recordings.')
    .argument('[path]', 'a hotline, or a folder of them', process.env.CALLWRIGHT_FLOWS || 'flows')
    .option('--heard', 'tell where callers cut prompts short or hang up, the worst first')
    .option('--render', 'make every prompt that is missing; exit code 1 when some stay missing')
    .option('--play <name>', 'speak one prompt at this machine: welcome, de/main/keys/1')
    .option('--record-sheet <language>', 'write what a speaker is to read, with the names of the files wanted')
    .option('--all', 'with --record-sheet: also what has a recording')
    .option('--import <folder>', 'take finished recordings in, named or numbered as on the sheet')
    .option('--language <tag>', 'with --import: the language of the recordings')
    .option('--replace', 'with --import: take new recordings in the place of those that are there')
    .action(async (path: string, options: PromptsOptions) => (await import('./prompts.ts')).prompts(path, options))
  program.command('translations')
    .description('Writes the file for a translator beside each hotline: what is missing is added, what is there stays.')
    .argument('<language>', 'one of the languages of the hotline, as de')
    .argument('[path]', 'a folder of hotlines, or one hotline', process.env.CALLWRIGHT_FLOWS || 'flows')
    .action(async (language: string, path: string) => (await import('./translations.ts')).translations(language, path))

  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else {
      console.error(`callwright: ${(error as Error).message}`)
      process.exitCode = 2
    }
  }
}

/** Whoever reads what is printed may have seen enough: `callwright schema | head`. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
