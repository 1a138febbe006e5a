import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What the engine's process can be told. `count`: what happened since it was last asked. */
export type EngineOrder = 'connect' | 'connect without journal' | 'disconnect' | 'count'
export type EngineCounts = {
  says: 'counts'
  arrived: number
  troubles: string[]
  /** Running now. */
  calls: number
  /** Part of the time that the event loop was busy. */
  busy: number
  /** Memory of the process. */
  mb: number
}
export type EngineSays = { says: 'done' } | EngineCounts

/** The engine in a process of its own. It ends with us, however we end. */
export class EngineChild {
  readonly pid: number
  private readonly child: ChildProcess

  private constructor(child: ChildProcess) {
    this.child = child
    this.pid = child.pid ?? 0
  }

  static async start(port: number, secret: string, folder: string): Promise<EngineChild> {
    const file = fileURLToPath(new URL('engine-process.ts', import.meta.url))
    // BENCH_ENGINE_NODE: more options for the engine's Node, such as --cpu-prof.
    const more = (process.env.BENCH_ENGINE_NODE ?? '').split(' ').filter((option) => option !== '')
    const child = fork(file, [String(port), secret, folder], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, ...more],
    })
    await once(child, 'message')
    return new EngineChild(child)
  }

  async connect({ journal }: { journal: boolean }): Promise<void> {
    await this.tell(journal ? 'connect' : 'connect without journal')
  }

  async disconnect(): Promise<void> {
    await this.tell('disconnect')
  }

  async counts(): Promise<EngineCounts> {
    const said = await this.tell('count')
    if (said.says !== 'counts') throw new Error('the engine did not count')
    return said
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit')
    this.child.disconnect()
    await exited
  }

  private async tell(order: EngineOrder): Promise<EngineSays> {
    const answer = once(this.child, 'message')
    this.child.send(order)
    const [said] = await answer as [EngineSays]
    return said
  }
}
