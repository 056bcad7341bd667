import type { Clock } from '../model/index.ts'
import { createPacer, type Pacer, type PacerOptions } from './pacer.ts'

/**
 * The pacer of a limit. Whoever opens the same store by the same clock gets the same one, so that all its users in a process share
 * one budget and what is known of it.
 * @param limit names what is limited: a store, or an account of it
 */
export const paceOf = (clock: Clock, limit: string, options: PacerOptions): Pacer => {
  const known = PACES.get(clock) ?? new Map<string, Pacer>()
  PACES.set(clock, known)
  const name = JSON.stringify([limit, options])
  const pacer = known.get(name) ?? createPacer(options)
  known.set(name, pacer)
  return pacer
}

const PACES = new WeakMap<Clock, Map<string, Pacer>>()
