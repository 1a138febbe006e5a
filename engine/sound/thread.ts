import { Worker } from 'node:worker_threads'
import type { SoundAnswer, SoundTask } from './work.ts'

/** Ten minutes of sound take some 5 s on a slow machine; a file over which a decoder hangs is given up after this. */
const longestWork = 20_000
/** How many threads wait for the next file when they have done their work: starting one takes longer than most files. */
const mostSpare = 2

const spare: Worker[] = []

/**
 * Has a file of sound read in a thread of its own: no call waits meanwhile, however long the sound is, and a decoder
 * that hangs or breaks over what a stranger has sent can be ended. Rejects with one clause that says what is wrong with
 * the file, and when `signal` is aborted.
 */
export async function inThread<As extends SoundTask['as']>(
  { file, ...task }: { file: Buffer; longest: number; as: As },
  signal?: AbortSignal,
): Promise<Extract<SoundAnswer, As extends 'take' ? { clipped: number } : { rate: number }>> {
  signal?.throwIfAborted()
  const worker = takeWorker()
  try {
    // A copy, which is handed over whole: the file itself may be part of something larger.
    const answer = await ask(worker, { bytes: new Uint8Array(file), ...task }, signal)
    if ('why' in answer) throw new Error(answer.why)
    rest(worker)
    return answer as never
  } catch (error) {
    // What a damaged file has done to a decoder is not to be met again.
    void worker.terminate()
    throw error
  }
}

function ask(worker: Worker, task: SoundTask, signal?: AbortSignal): Promise<SoundAnswer> {
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
  const url = new URL('decode-worker.mjs', import.meta.url)
  const worker = spare.pop() ?? new Worker(url, { execArgv: [], env: {} })
  for (const event of ['error', 'exit']) worker.removeAllListeners(event)
  worker.ref()
  return worker
}

function rest(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
  worker.unref()
  if (spare.length >= mostSpare) return void worker.terminate()
  spare.push(worker)
  const forget = (): void => {
    if (spare.includes(worker)) spare.splice(spare.indexOf(worker), 1)
  }
  worker.on('error', forget).on('exit', forget)
}
