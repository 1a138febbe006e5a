import { join } from 'node:path'
import { createLog } from '../cli/log.ts'
import { Sessions } from '../engine/call/sessions.ts'
import { realClock } from '../engine/clock.ts'
import { RecentCalls } from '../engine/history.ts'
import { Journal } from '../engine/journal/journal.ts'
import { openStore } from '../engine/journal/sqlite.ts'
import type { Store } from '../engine/journal/store.ts'
import { StoredHistory } from '../engine/journal/stored-history.ts'
import { AsteriskLine } from '../telephony/asterisk.ts'
import { compiled, ringYaml } from './flow.ts'
import type { EngineOrder, EngineSays } from './engine-child.ts'
import { toneVoices } from './prompts.ts'

// The engine as it runs in production: a process of its own, with nothing else in it.
const [, , port = '', secret = '', folder = ''] = process.argv
const log = createLog()
const voices = toneVoices(folder, log)
const flow = compiled(ringYaml)
await voices.prepare(flow.fixedPrompts)

let sessions: Sessions | undefined
let line: AsteriskLine | undefined
let store: Store | undefined
let arrived = 0
let troubles: string[] = []
let idle = performance.eventLoopUtilization()

async function connect(journaled: boolean): Promise<void> {
  store = journaled ? openStore(join(folder, 'calls.db')) : undefined
  const kept = store ? { journal: new Journal(store, log), history: new StoredHistory(store, 7 * 86_400_000, log) } : { history: new RecentCalls() }
  sessions = new Sessions({ flowFor: () => flow, clock: realClock, voice: voices, log, ...kept })
  sessions.watch((note) => {
    if (note.type === 'arrived') arrived++
    if (note.type === 'trouble') troubles.push(note.words)
  })
  line = new AsteriskLine({ host: '127.0.0.1', port: Number(port), user: 'callwright', secret, clock: realClock, log })
  await sessions.answer(line)
  while (!line.connected) await new Promise((resolve) => setTimeout(resolve, 10))
}

function counts(): EngineSays {
  const busy = performance.eventLoopUtilization(idle).utilization
  const mb = process.memoryUsage().rss / 2 ** 20
  const said = { says: 'counts', arrived, troubles, calls: sessions?.count ?? 0, busy, mb } as const
  idle = performance.eventLoopUtilization()
  arrived = 0
  troubles = []
  return said
}

async function obey(order: EngineOrder): Promise<EngineSays> {
  if (order.startsWith('connect')) await connect(order === 'connect')
  if (order === 'disconnect') {
    await sessions?.close()
    store?.close()
  }
  return order === 'count' ? counts() : { says: 'done' }
}

process.on('message', (order: EngineOrder) => void obey(order).then((said) => process.send?.(said)))
process.on('disconnect', () => process.exit(0))
process.send?.({ says: 'done' } satisfies EngineSays)
