import { pino } from 'pino'
import { type Clock, isoTime } from '../model/index.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Tells what goes on: a sentence, and facts for machines. */
export type ServeLog = (level: LogLevel, text: string, facts?: Readonly<Record<string, unknown>>) => void

export interface LogOptions {
  readonly clock: Clock
  /** Least level that is told. */
  readonly level: LogLevel
  /** Gets one line at a time, with its end. */
  readonly write: (line: string) => void
}

/** One JSON object a line, for programs that collect logs. */
export const jsonLog = ({ clock, level, write }: LogOptions): ServeLog => {
  const logger = pino(
    { level, base: null, timestamp: () => `,"time":"${isoTime(clock.now())}"`, formatters: { level: levelName } },
    { write },
  )
  return (at, text, facts = {}) => logger[at](facts, text)
}

/** `2026-03-02 09:00:00 warn nightly: ...`, for a person at a terminal. */
export const plainLog = ({ clock, level, write }: LogOptions): ServeLog => {
  const least = LEVELS.indexOf(level)
  return (at, text, { job } = {}) => {
    if (LEVELS.indexOf(at) < least) return
    const time = isoTime(clock.now()).slice(0, 19).replace('T', ' ')
    write(`${time} ${at.padEnd(5)} ${typeof job === 'string' ? `${job}: ` : ''}${text}\n`)
  }
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

const levelName = (level: string) => ({ level })
