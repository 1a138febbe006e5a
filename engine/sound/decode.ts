import { Worker } from 'node:worker_threads'
import type { Samples } from './samples.ts'
import { soundKind, type PackedKind } from './sound-kind.ts'
import { readWav } from './wav.ts'

/** No prompt is nearly as long, in seconds; a small file that unpacks to hours is stopped here. */
const longestSeconds = 600
/** Ten minutes of sound take some 3 s on a slow machine; a file over which a decoder hangs is given up after this. */
const longestWork = 20_000
/** What the unpacking may take beside the sound itself, in megabytes. */
const workMemory = 256

/** A thread that has done its work and waits for the next file, since starting one takes longer than most files. */
let spare: Worker | undefined

/**
 * The sound in a file, its channels mixed to one: WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus. What it is, is found in the
 * bytes alone. Rejects with one clause that says what is wrong, `it is a web page, not a sound`: when it is of another
 * kind, damaged, empty, or longer than ten minutes; and when `signal` is aborted.
 */
export async function decode(bytes: Buffer, signal?: AbortSignal): Promise<Samples> {
  signal?.throwIfAborted()
  const { kind, begin } = soundKind(bytes)
  const sound = kind === 'wav' ? readWav(bytes, longestSeconds) : await unpack(kind, bytes.subarray(begin), signal)
  if (sound.samples.length === 0) throw new Error('it holds no sound')
  return sound
}

/** The sound that somebody gave who is named in what is wrong: `the answer of the server is no use: it is empty`. */
export function decodeFrom(whose: string, bytes: Buffer, signal: AbortSignal): Promise<Samples> {
  return decode(bytes, signal).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${whose} is no use: ${why}`, { cause: error })
  })
}

/**
 * Unpacks in a thread of its own: no call waits meanwhile, and a decoder that hangs or breaks over what a stranger has
 * sent can be ended.
 */
async function unpack(kind: PackedKind, bytes: Buffer, signal?: AbortSignal): Promise<Samples> {
  const worker = takeWorker()
  try {
    const answer = await ask(worker, { kind, bytes: Uint8Array.from(bytes), longestSeconds }, signal)
    if ('why' in answer) throw new Error(answer.why)
    rest(worker)
    return answer
  } catch (error) {
    void worker.terminate()
    throw error
  }
}

type Task = { kind: PackedKind; bytes: Uint8Array<ArrayBuffer>; longestSeconds: number }

function ask(worker: Worker, task: Task, signal?: AbortSignal): Promise<Samples | { why: string }> {
  const late = AbortSignal.timeout(longestWork)
  return new Promise((resolve, reject) => {
    const end = AbortSignal.any(signal ? [signal, late] : [late])
    end.addEventListener('abort', () => reject(late.aborted ? new Error('it cannot be decoded in time') : end.reason))
    worker.on('message', resolve)
    worker.on('error', (error) => reject(new Error(`it is damaged: ${error.message}`)))
    worker.on('exit', () => reject(new Error('it is damaged: no decoder could read it')))
    worker.postMessage(task, [task.bytes.buffer])
  })
}

function takeWorker(): Worker {
  const worker = spare ?? new Worker(new URL('decode-worker.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: workMemory },
    execArgv: [],
    env: {},
  })
  spare = undefined
  worker.ref()
  return worker
}

function rest(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
  worker.unref()
  if (spare) return void worker.terminate()
  spare = worker
  const forget = () => (spare = spare === worker ? undefined : spare)
  worker.on('error', forget).on('exit', forget)
}
