import { spawn } from 'node:child_process'
import { constants, accessSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** What a program is given beside its arguments. */
export type ProgramTask = {
  /** What it reads on its standard input. Default: nothing is there. */
  input?: string
  /** When it is killed. */
  signal: AbortSignal
  /** In bytes; a program that writes more is killed. */
  mostOutput: number
}

/**
 * What a program writes to its standard output, run without a shell, in a process group of its own, with nothing of
 * this process's environment but where programs and their data are. Whatever is left of the group when it ends, or when
 * the time is over, is killed; what has made a session of its own is not in the group. Rejects with one clause that holds nothing of the
 * input: `it ended with code 3`.
 */
export function runProgram(program: string, args: readonly string[], task: ProgramTask): Promise<Buffer> {
  const { input, signal, mostOutput } = task
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('it was not started: the time was over'))
    const child = spawn(program, args, { detached: true, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'], env: reducedEnvironment() })
    const fail = (why: string): void => {
      if (child.pid !== undefined) killGroup(child.pid)
      // Whoever has left the group may hold this open.
      child.stdout!.destroy()
      reject(new Error(why))
    }
    const late = (): void => fail('it was killed: the time was over')
    signal.addEventListener('abort', late, { once: true })
    const output: Buffer[] = []
    let bytes = 0
    child.stdout!.on('data', (piece: Buffer) => {
      output.push(piece)
      bytes += piece.length
      if (bytes > mostOutput) fail(`it wrote more than ${mostOutput / 1_000_000} MB`)
    })
    child.on('error', (error) => reject(new Error(`it does not start: ${startWords(error)}`)))
    // It may end before it has read all: that shows in its exit code.
    child.stdin?.on('error', () => {})
    // Whatever it has left running is of no use any more.
    child.on('exit', () => child.pid !== undefined && killGroup(child.pid))
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', late)
      if (code === 0) resolve(Buffer.concat(output))
      else reject(new Error(`it ended with ${killed ?? `code ${code}`}`))
    })
    child.stdin?.end(input)
  })
}

/** Where a program is: a path, or a name that is looked for where programs are; undefined when there is none to be run. */
export function programPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const files = program.includes('/') ? [program] : folders.map((folder) => join(folder, program))
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function reducedEnvironment(): Record<string, string> {
  const { PATH, HOME } = process.env
  return { ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}), LANG: 'C.UTF-8' }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function startWords(error: Error): string {
  const code = 'code' in error ? error.code : undefined
  return code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : error.message
}
