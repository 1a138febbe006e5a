// The thread of thread.ts. Plain JavaScript, since TypeScript cannot be loaded before this has seen to that.
import { parentPort } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

// The decoders tell an error here and then go on; mpg123-decoder 1.0.3 does so for ever over some damaged files.
console.error = (message) => {
  throw new Error(String(message).replace(/^\S+:\s*/, ''))
}

register()
const { work } = await import('./work.ts')
parentPort.on('message', (task) => {
  void work(task).then((answer) => parentPort.postMessage(answer, 'samples' in answer ? [answer.samples.buffer] : []))
})
