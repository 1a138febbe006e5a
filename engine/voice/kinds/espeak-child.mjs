// Speaks for espeak-wasm.ts, in a process of its own: synthesis blocks, espeak-ng is under the GPL, and if it crashes
// or hangs it does so here. Plain JavaScript, so that it needs no loader. Messages in: { id, text, voice, rate }.
// Out: first { voices, rate }, then for each message { id, samples } or { id, error }, in the same order.
import load from '@echogarden/espeak-ng-emscripten'

// The parent is gone, however it went.
process.on('disconnect', () => process.exit())

const espeak = await load()
const worker = new espeak.eSpeakNGWorker()
let spoken = ''

process.on('message', ({ id, text, voice, rate }) => {
  try {
    process.send({ id, samples: speak(text, voice, rate) })
  } catch (error) {
    // After an abort the WASM module is of no more use: say so, and let the parent start another process.
    process.send({ id, error: String(error) }, () => process.exit(1))
  }
})

process.send({
  voices: worker.list_voices().flatMap(({ languages }) => languages.map(({ name }) => name)),
  rate: worker.get_samplerate(),
})

/**
 * @param {string} text
 * @param {string} voice
 * @param {number} rate words a minute
 */
function speak(text, voice, rate) {
  // Loading a voice takes longer than most words.
  if (voice !== spoken) worker.set_voice(voice)
  spoken = voice
  worker.set_rate(rate)
  const pieces = []
  worker.synthesize(text, (samples) => {
    pieces.push(samples)
    return false
  })
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
