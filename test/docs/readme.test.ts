import assert from 'node:assert/strict'
import { inShort } from '../../cli/check.ts'
import { readHotlines } from '../../engine/hotlines.ts'
import { textOf } from './pages.ts'

describe('README.md', () => {
  const hotlines = readHotlines('flows', {})
  const told = textOf('README.md').split('\n').map((line) => line.trim())

  it('shows what the start says of each hotline, up to the dots', () => {
    for (const hotline of hotlines) {
      const line = told.find((one) => one.startsWith(`${hotline.name}: `))
      assert.ok(line, `${hotline.name} is not shown`)
      assert.ok(inShort(hotline).startsWith(line.replace(/\.\.\.$/, '')), `${line}\n${inShort(hotline)}`)
    }
  })

  it('shows how many prompts they have', () => {
    const prompts = hotlines.reduce((sum, { compiled }) => sum + compiled!.fixedPrompts.length, 0)
    assert.ok(told.some((line) => line.startsWith(`${prompts} prompts ready after`)), `${prompts} prompts`)
  })
})
