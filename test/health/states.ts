import type { EngineState } from '../../engine/health/state.ts'

/** An engine that is well, an hour after its start. */
export const well: EngineState = {
  version: '0.1.0',
  pid: 4711,
  startedAt: 1_000_000,
  at: 4_600_000,
  stopping: false,
  asterisk: {
    state: 'up',
    words: 'Connected to Asterisk at 127.0.0.1:5038.',
    drives: true,
    standsBy: false,
    connects: 1,
    lease: 2_800,
    oldestLease: 900,
  },
  hotlines: [{ name: 'clinic', live: true, ready: true, unheard: [], mistakes: 0 }],
  calls: {
    arrived: 120,
    resumed: 0,
    ended: 103,
    fellBack: 1,
    running: { flow: 12, queue: 3, agent: 2, transfer: 0, recording: 0 },
  },
  prompts: { waited: 4, worstWait: 320, failed: 0 },
  voices: [{ name: 'espeak-ng', spoken: 61, failed: 0, replaced: 0, fails: undefined }],
  worstSilence: 400,
  journal: { entries: 1_203, commits: 800, took: 950, slowest: 12, failing: undefined, owed: 0 },
  file: { open: true, trouble: undefined, setAside: [], goneAt: undefined },
  dialplan: [],
  process: {
    memory: 125_829_120,
    heap: 52_428_800,
    cpu: 61_000,
    delayP99: 3,
    delayWorst: 12,
    descriptors: 43,
    mostDescriptors: 1_024,
  },
}

/** The same engine with something else about it. */
export const but = (more: {
  [Part in keyof EngineState]?: EngineState[Part] extends unknown[] ? EngineState[Part] : Partial<EngineState[Part]>
}): EngineState => {
  const merged = Object.entries(more).map(([part, value]) => {
    const now = well[part as keyof EngineState]
    return [part, isPlain(now) && isPlain(value) ? { ...now, ...value } : value]
  })
  return { ...well, ...Object.fromEntries(merged) } as EngineState
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
