import type { Ast } from './operands.ts'

/** The part of CEL's `has` that the library has made of a call of it. */
type Macro = { args: Ast[]; macroHasProps?: Ast[]; typeCheck(checker: Checker, macro: Macro, ctx: unknown): unknown }
type Checker = { check(node: Ast, ctx: unknown): unknown }

/**
 * Lets `has` ask behind a place in a list, `has(slots.free[0].at)`, as CEL does
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#field-selection); the library only knows names there.
 */
export function hasBehindPlaces(call: Ast): void {
  const macro = (call as Ast & { meta?: { macro?: Macro } }).meta?.macro
  if (!macro) return
  const fields: Ast[] = []
  let owner = macro.args[0]!
  for (; owner.op === '.'; owner = (owner.args as [Ast])[0]) fields.push(owner)
  if (fields.length === 0 || owner.op !== '[]') return
  const base = owner
  const { typeCheck } = macro
  macro.macroHasProps = [...fields, base]
  macro.typeCheck = (checker, self, ctx) => {
    checker.check(base, ctx)
    return typeCheck(checker, self, ctx)
  }
}
