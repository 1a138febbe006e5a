// Lays out for layout.ts, in a thread of its own: a dense picture can take half a minute, and then it is stopped.
// Plain JavaScript, so that it needs no loader. In: text in the DOT language. Out: { json } or { error }.
import { parentPort, workerData } from 'node:worker_threads'
import { Graphviz } from '@hpcc-js/wasm-graphviz'

try {
  const graphviz = await Graphviz.load()
  parentPort.postMessage({ json: graphviz.layout(workerData, 'json0', 'dot') })
} catch (error) {
  parentPort.postMessage({ error: String(error) })
}
