import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** What a careful reader would have a program see to. */
describe('the source', function () {
  this.timeout(60_000)
  const passes = async (...command: [string, ...string[]]): Promise<void> => {
    try {
      await execute(process.execPath, command)
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      throw new Error(`${stdout}${stderr}`.trim().slice(-4000), { cause: error })
    }
  }

  it('type-checks', () => passes('node_modules/typescript/bin/tsc'))
  it('is free of what the linter knows', () => passes('node_modules/oxlint/bin/oxlint', '--type-aware'))
})
