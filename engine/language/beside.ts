import { parseYaml, unreadable, type Source } from './parse.ts'

/** What lies beside a hotline's file. The checker itself opens nothing. */
export type Beside = {
  /** YAML files in its folder and in `translations/`, as seen from there: `identify.yaml`, `translations/de.yaml`. */
  names: readonly string[]
  /** What stands in one of them; undefined when it cannot be read. */
  text(name: string): string | undefined
  /** The file as it is called in messages. */
  called(name: string): string
}

export const nothingBeside: Beside = { names: [], text: () => undefined, called: (name) => name }

/** One of these files; of one that cannot be read there is nothing but this mistake. */
export function sourceOf(beside: Beside, name: string): Source {
  const text = beside.text(name)
  return text === undefined ? unreadable(beside.called(name)) : parseYaml(text, beside.called(name))
}
