import pino from 'pino'
import type { Log } from '../engine/ports.ts'
import { inSources } from './traces.ts'

/**
 * The log: JSON lines for programs, words for people at a terminal; `LOG_FORMAT` sets one of them. `LOG_LEVEL` sets how
 * much: info, warn, error. Default info. Never throws, and when nobody reads it any more, that ends nothing.
 */
export function createLog(stream: NodeJS.WriteStream = process.stdout, env: NodeJS.ProcessEnv = process.env): Log {
  const level = ['info', 'warn', 'error'].includes(env.LOG_LEVEL ?? '') ? env.LOG_LEVEL! : 'info'
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore)
  const forPeople = env.LOG_FORMAT === 'words' || (env.LOG_FORMAT !== 'json' && stream.isTTY)
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: Error) => inSources(pino.stdSerializers.err(error)) },
    },
    { write: (line: string) => void stream.write(forPeople ? inWords(line) : line) },
  )
  return {
    info: (facts, words) => log.info(facts, words),
    warn: (facts, words) => log.warn(facts, words),
    error: (facts, words) => log.error(facts, words),
  }
}

/** A log that cannot be written costs no call. */
const ignore = (): void => {}

function inWords(line: string): string {
  try {
    const { level, time, msg, call, err } = JSON.parse(line) as {
      level: string
      time: string
      msg: string
      call?: string
      err?: { message: string }
    }
    const mark = level === 'info' ? '' : `${level.toUpperCase()} `
    const clock = new Date(time).toTimeString().slice(0, 8)
    return `${clock} ${mark}${call === undefined ? '' : `[${call}] `}${msg}${err ? ` (${err.message})` : ''}\n`
  } catch {
    return line
  }
}
