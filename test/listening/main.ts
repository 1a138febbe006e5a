import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWav } from '../phone/wav.ts'
import type { Conversation } from './conversation.ts'
import { levelOf, silences } from './quality.ts'
import { heard, scenes, vaccinationStation } from './vaccination.ts'

/*
 * Holds the conversations on a real Asterisk and keeps what came over the wire, as a page to listen to: `npm run listen`.
 * Needs sox, for files of a tenth of the size.
 */
const folder = 'docs/listening'
mkdirSync(folder, { recursive: true })
const station = await vaccinationStation()
const languages = { en: 'English', de: 'German' } as const
type Kept = { file: string; title: string; conversation: Conversation }
let kept: Kept[]
try {
  kept = await Promise.all(scenes.flatMap((scene) => (['en', 'de'] as const).map(async (language) => {
    const conversation = await heard(station, scene, language)
    const file = `${scene.name}.${language}.ogg`
    await keep(conversation, join(folder, file))
    console.log(`${file}: ${Math.round(conversation.samples.length / 8000)} s`)
    return { file, title: `${scene.title}, in ${languages[language]}`, conversation }
  })))
} finally {
  await station.close()
}
writeFileSync(join(folder, 'index.html'), page(kept))

async function keep({ samples }: Conversation, file: string): Promise<void> {
  const wav = `${file}.wav`
  await writeWav(wav, samples)
  try {
    execFileSync('sox', [wav, '-C', '3', file])
  } finally {
    rmSync(wav)
  }
}

function page(all: Kept[]): string {
  const prompts = all.flatMap(({ conversation }) => conversation.prompts)
  const levels = prompts.map(({ samples }) => levelOf(samples))
  const longest = Math.max(...prompts.flatMap(({ samples }) => silences(samples).map(({ ms }) => ms)))
  const spread = Math.max(...levels) - Math.min(...levels)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The vaccination hotline, as callers hear it</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
  audio { width: 100% } ol { padding-left: 3.5rem } li { margin: .2rem 0 } time { color: #57606a; margin-left: -3.2rem; display: inline-block; width: 2.9rem }
  ol { list-style: none } button { all: unset; cursor: pointer } button:hover, button:focus-visible { text-decoration: underline }
  @media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3 } time { color: #9198a1 } }
</style>
<h1>The vaccination hotline, as callers hear it</h1>
<p>Recorded from the wire on ${new Date().toISOString().slice(0, 10)}: a telephone, Asterisk, the engine, and the voice of
espeak-ng, which needs no network. The caller hears every prompt to its end before a key. ${prompts.length} prompts, all
byte by byte as they were made; ${spread.toFixed(1)} dB between the loudest and the quietest; longest pause ${longest} ms,
between two sentences. Made by <code>npm run listen</code>; <code>npm test</code> holds the same calls against the same limits.</p>
${all.map(section).join('\n')}
<script>
  for (const button of document.querySelectorAll('button')) button.onclick = () => {
    const audio = button.closest('section').querySelector('audio')
    audio.currentTime = Number(button.value)
    audio.play()
  }
</script>
</html>
`
}

function section({ file, title, conversation }: Kept): string {
  return `<section>
<h2>${title}</h2>
<audio controls preload="none" src="${file}"></audio>
<ol>
${conversation.prompts.map(({ text, from }) => `<li><time>${clock(from)}</time> <button value="${Math.max(0, from / 1000 - 0.1).toFixed(1)}">${escaped(text)}</button></li>`).join('\n')}
</ol>
</section>`
}

function clock(ms: number): string {
  return `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
