import type { Environment } from '@marcbachmann/cel-js'

type Reckon = (a: number, b: number) => number

const reckoning: Record<string, Reckon> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? divisionByZero() : a / b),
  '%': (a, b) => (b === 0 ? divisionByZero() : a % b),
}

/**
 * Lets whole numbers and others be reckoned with together, as authors who know no types expect: all numbers of a
 * backend's JSON are doubles, `slots.count + 1` is a double and a whole number, and CEL has no overload for that
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#numeric-values). What comes out is a double.
 */
export function withMixedNumbers(env: Environment): Environment {
  for (const [op, reckon] of Object.entries(reckoning)) {
    const run = (a: number | bigint, b: number | bigint): number => reckon(Number(a), Number(b))
    env.registerOperator(`int ${op} double: double`, run)
    env.registerOperator(`double ${op} int: double`, run)
  }
  env.registerOperator('double % double: double', reckoning['%']!)
  return env.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b)
}

function divisionByZero(): never {
  throw new Error('division by zero')
}
