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
  /** What lies in `audio/` and cannot be a recording. Default: nothing. */
  misfits?: readonly Misfit[]
}

/** `file` as it is called in messages; what is wrong with it and what to do, as one clause each. */
export type Misfit = { file: string; detail: string; suggestion: string }

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
  // Names of files are anybody's: one called `constructor` is a name like any other.
  const empty = <T>(): Record<string, T> => Object.create(null) as Record<string, T>
  const found = empty<Record<string, string>>()
  for (const { language, name, hash } of recordings) (found[language] ??= empty())[name] ??= hash
  return found
}

export const nothingBeside: Beside = { names: [], text: () => undefined, called: (name) => name }

/** One of these files; of one that cannot be read there is nothing but this mistake. */
export function sourceOf(beside: Beside, name: string): Source {
  const text = beside.text(name)
  return text === undefined ? unreadable(beside.called(name)) : parseYaml(text, beside.called(name))
}
