import { readHotlines, type Hotline } from '../engine/hotlines.ts'
import { compileFlow, type Compiled } from '../engine/language/compile.ts'

/** Where the backends of a rehearsed flow are. Behind it stands what an author writes: `clinic/slots`. */
const nowhere = 'https://backends.test/'

const unpluggedFlows = new WeakMap<Compiled, Compiled>()

/** A flow that cannot reach a backend, wherever its backends are and whether or not their addresses are set. */
export function unplugged(compiled: Compiled): Compiled {
  const names = Object.keys(compiled.flow.backends)
  if (names.length === 0) return compiled
  let flow = unpluggedFlows.get(compiled)
  if (!flow) {
    const given = Object.entries(compiled.flow.backends)
    const backends = given.map(([name, one]) => [name, { ...one, url: nowhere + name }])
    flow = compileFlow({ ...compiled.flow, backends: Object.fromEntries(backends) })
    unpluggedFlows.set(compiled, flow)
    unpluggedFlows.set(flow, flow)
  }
  return flow
}

/** What a request of an unplugged flow asks for: `clinic/slots?postcode=2600`. */
export const askedOf = (url: string): string => url.slice(nowhere.length)

/**
 * Hotlines as they are tested: on any machine, without a setting. A setting that a flow reads and that is not given is
 * its own name: `{{ env.CLINIC_URL }}` is `CLINIC_URL`.
 */
export const hotlinesForTests = (path: string, settings: Record<string, string> = {}): Hotline[] =>
  readHotlines(path, (text) => ({ ...settingsIn(text), ...settings }))

const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/\benv\.([A-Za-z_]\w*)/g)].map(([, name = '']) => [name, name]))
