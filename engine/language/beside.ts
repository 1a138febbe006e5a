import { parseYaml, unreadable, type Source } from './parse.ts'

/** What lies beside a hotline's file. The checker itself opens nothing. */
export type Beside = {
  /** YAML files in its folder and in `translations/`, as seen from there: `identify.yaml`, `translations/de.yaml`. */
  names: readonly string[]
  /** What stands in one of them; undefined when it cannot be read. */
  text(name: string): string | undefined
  /** The file as it is called in messages. */
  called(name: string): string
  /** Recordings of its texts, in `audio/`. Default: none. */
  recordings?: readonly Recording[]
}

/** A recording of a text in one language, `audio/en/main/no-input/1.wav`. */
export type Recording = {
  language: string
  /** That of the text, as `textPath` gives it. */
  name: string
  /** As it is called in messages. */
  file: string
  /** Of what is in the file: 32 hexadecimal digits. */
  hash: string
}

/** The hashes of recordings by language and name. */
export function recordedIn({ recordings = [] }: Beside): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {}
  for (const { language, name, hash } of recordings) (found[language] ??= {})[name] ??= hash
  return found
}

export const nothingBeside: Beside = { names: [], text: () => undefined, called: (name) => name }

/** One of these files; of one that cannot be read there is nothing but this mistake. */
export function sourceOf(beside: Beside, name: string): Source {
  const text = beside.text(name)
  return text === undefined ? unreadable(beside.called(name)) : parseYaml(text, beside.called(name))
}
