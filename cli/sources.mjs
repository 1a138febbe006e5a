// Where in the sources something is that was made from them. Plain JavaScript: it runs before the rest.
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, relative, resolve } from 'node:path'

/** Within so many columns the map has a place for everything in the sources. */
const near = 100

/**
 * Puts the files and lines of the sources in the place of those of the script in the trace of an error. Node's own
 * `setSourceMapsEnabled` would read the map at every start, and have traces made of errors that nobody sees, while
 * callers wait; this reads it when a trace is to be shown.
 * @param {{ filename: string, map: string, root: string }} script its name in traces, the file of its map, and the folder that sources are named from
 * @returns {(trace: string) => string}
 */
export function sourcesOf({ filename, map, root }) {
  /** @type {SourceMap | undefined} */
  let read
  const named = (whole, line, column) => {
    read ??= new SourceMap(JSON.parse(readFileSync(map, 'utf8')))
    const entry = read.findEntry(line - 1, column - 1)
    // Of packages the map knows next to nothing; what it has before them is somewhere else.
    if (!('originalSource' in entry) || entry.generatedLine !== line - 1 || column - 1 - entry.generatedColumn > near) return whole
    const file = relative(root, resolve(dirname(map), entry.originalSource))
    if (file.startsWith('node_modules')) return whole
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
  const places = new RegExp(`${filename.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+):(\\d+)`, 'g')
  return (trace) => {
    try {
      return trace.replace(places, named)
    } catch {
      return trace
    }
  }
}
