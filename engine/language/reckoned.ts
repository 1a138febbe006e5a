import type { Path, Source } from './parse.ts'

/** Warns of a value that looks worked out and is kept as it stands: `1 + 2`, `visits + 1`. `answers`: by name. */
export function checkReckoned(source: Source, path: Path, text: string, answers: ReadonlyMap<string, unknown>): void {
  const operands = /^[\w.]+(?: [-+*/] [\w.]+)+$/.test(text) ? text.split(/ [-+*/] /) : []
  const isValue = (one: string): boolean =>
    /^\d+(\.\d+)?$/.test(one) || answers.has(one.split('.')[0]!) || /^call(er)?\./.test(one)
  if (operands.length > 0 && operands.every(isValue))
    source.report(path, 'bad-value', 'this is kept as a text: only what stands in {{ }} is worked out', {
      warning: true,
      suggestion: `write "{{ ${text} }}"`,
    })
}
