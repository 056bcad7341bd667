import { validate } from 'node-cron'
import { type SyncSpec, suggestion } from '../../model/index.ts'
import type { Reading } from './reading.ts'
import type { RawJob } from './schema.ts'
import { type JobSettings, STEP_VERBS, type Step, type Verb } from './types.ts'

/**
 * The job that a section describes; its faults are added to the reading.
 * @param syncs Those that its steps may name.
 */
export const readJob = (reading: Reading, name: string, raw: RawJob, syncs: readonly SyncSpec[]): JobSettings => {
  const path = ['jobs', name]
  if (raw.cron !== undefined) checkCron(reading, [...path, 'cron'], raw.cron)
  if (!isTimezone(raw.timezone)) {
    reading.add([...path, 'timezone'], `"${raw.timezone}" is no time zone; write an IANA name such as "Europe/Berlin".`)
  }
  const steps = raw.steps.map((text, index) => readStep(reading, [...path, 'steps', index], text, syncs))
  return { ...raw, name, steps: steps.filter((step) => step !== undefined) }
}

const checkCron = (reading: Reading, path: string[], cron: string): void => {
  const parts = cron.trim().split(/\s+/).length
  if (parts !== 5) {
    reading.add(path, `has ${parts} fields and needs 5 (minute, hour, day, month, weekday); once a minute is the most.`)
  } else if (!validate(cron)) {
    reading.add(path, `"${cron}" is no schedule; an example is "0 2 * * *", every night at two.`)
  }
}

const isTimezone = (timezone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return true
  } catch (cause) {
    if (cause instanceof RangeError) return false
    throw cause
  }
}

const readStep = (
  reading: Reading,
  path: (string | number)[],
  text: string,
  syncs: readonly SyncSpec[],
): Step | undefined => {
  const [verb = '', target, ...rest] = text.trim().split(/\s+/)
  if (!isVerb(verb)) {
    reading.add(path, `no step begins with "${verb}".${suggestion(verb, STEP_VERBS)}`)
    return undefined
  }
  if (target === undefined || rest.length > 0) {
    reading.add(path, `a step is "${verb}" and one name after it.`)
    return undefined
  }
  const known = {
    pull: reading.names.stores,
    sync: [...new Set([...reading.names.syncs, ...syncs.map(({ name }) => name)])],
    report: undefined,
  }[verb]
  if (known && !known.includes(target)) {
    reading.add(path, `there is no ${verb === 'pull' ? 'store' : 'sync'} "${target}".${suggestion(target, known)}`)
  }
  const store = verb === 'sync' ? syncs.find(({ name }) => name === target)?.store : undefined
  return { verb, target, ...(store === undefined ? {} : { store }) }
}

const isVerb = (word: string): word is Verb => (STEP_VERBS as readonly string[]).includes(word)
