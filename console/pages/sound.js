/** Everything that can be heard. A browser allows sound only after a key or a click, so `wake` comes first. */

const TONES = { rows: [697, 770, 852, 941], columns: [1209, 1336, 1477] }
const KEYS = '123456789*0#'

let context
let master
let on = true
/** What is sounding now: a prompt or the music. */
let current
/** Counts starts and stops, so that a sound that arrives late is not played into what came after it. */
let turn = 0
const loaded = new Map()

/** To be called from a click or a key press. */
export function wake() {
  if (!context) {
    context = new AudioContext()
    master = new GainNode(context, { gain: on ? 1 : 0 })
    master.connect(context.destination)
  }
  void context.resume()
}

/** Turns all sound on or off, softly. */
export function setOn(wanted) {
  on = wanted
  master?.gain.setTargetAtTime(on ? 1 : 0, context.currentTime, 0.02)
}

/** Plays a prompt's WAV file; what sounded before ends. */
export async function play(id) {
  stop()
  const mine = turn
  if (!context) return
  const buffer = await load(id)
  if (!buffer || mine !== turn) return
  const source = new AudioBufferSourceNode(context, { buffer })
  source.connect(master)
  source.start()
  current = () => source.stop()
}

/** Silence, at once. */
export function stop() {
  turn++
  current?.()
  current = undefined
}

/** A quiet tune while the caller waits. */
export function music() {
  stop()
  if (!context) return
  const tune = [392, 493.9, 587.3, 493.9, 440, 523.3, 659.3, 523.3]
  let beat = 0
  const next = () => note([tune[beat++ % tune.length]], 0.9, 0.035)
  next()
  const timer = setInterval(next, 700)
  current = () => clearInterval(timer)
}

/** The two tones of a key, softer than a prompt. Source: ITU-T Q.23. */
export function tone(key) {
  const at = KEYS.indexOf(key)
  if (at >= 0) note([TONES.rows[Math.floor(at / 3)], TONES.columns[at % 3]], 0.14, 0.04)
}

function note(frequencies, seconds, gain) {
  if (!context) return
  const now = context.currentTime
  const volume = new GainNode(context, { gain: 0 })
  volume.gain.linearRampToValueAtTime(gain, now + 0.01)
  volume.gain.setTargetAtTime(0, now + seconds * 0.6, seconds * 0.15)
  volume.connect(master)
  for (const frequency of frequencies) {
    const source = new OscillatorNode(context, { frequency })
    source.connect(volume)
    source.start(now)
    source.stop(now + seconds * 1.5)
  }
}

async function load(id) {
  const known = loaded.get(id)
  if (known) return known
  const answer = await fetch(`/prompts/${id}.wav`).catch(() => undefined)
  if (!answer?.ok) return undefined
  const buffer = await context.decodeAudioData(await answer.arrayBuffer()).catch(() => undefined)
  if (loaded.size >= 50) loaded.delete(loaded.keys().next().value)
  if (buffer) loaded.set(id, buffer)
  return buffer
}
