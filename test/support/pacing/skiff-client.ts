import { LANES } from '../../../src/store/gate.ts'
import { createPacer, type Pacer } from '../../../src/store/pacer.ts'
import type { Client } from './simulate.ts'

/** As the store's gate asks a pacer: one after the other, at most so many requests in flight. */
export const skiffClient =
  (pacer: Pacer = skiffPacer()): Client =>
  ({ now, later, send }) => {
    let flying = 0
    let waiting = false

    const pump = (): void => {
      while (flying < LANES && !waiting) {
        const wait = pacer.wait(now())
        if (wait > 0) {
          waiting = true
          later(wait, awake)
        } else leave()
      }
    }
    const awake = (): void => {
      waiting = false
      pump()
    }
    const leave = (): void => {
      pacer.leave(now())
      flying += 1
      send((leftAt, told) => {
        flying -= 1
        pacer.ended(leftAt, now(), told)
        pump()
      })
    }
    pump()
  }

export const skiffPacer = (options: { readonly share?: number; readonly legacy?: boolean } = {}): Pacer =>
  createPacer({ share: 1, ...options, lanes: LANES })
