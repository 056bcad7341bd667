import { SkiffError } from '../model/index.ts'
import { type Faults, parseFaults } from './faults.ts'
import type { Incoming, Reply } from './message.ts'
import type { SeenRequest } from './server.ts'
import type { State } from './state.ts'

export interface Controls {
  readonly state: State
  readonly faults: Faults
  readonly seen: readonly SeenRequest[]
  /** How far the store's clock is ahead, ms. */
  readonly offset: { skewMs: number }
}

/** Paths that are the emulator's own and no part of the API; they cost no quota. */
export const isControl = (path: string): boolean => path.startsWith('/__emulator__/')

/**
 * `/__emulator__/faults` (GET, PUT an array, DELETE), `/log` (GET the accepted writes), `/requests` (GET every request seen),
 * `/clock` (GET, PUT `{"skewMs": 1000}`).
 */
export const control = ({ method, url, body }: Incoming, controls: Controls): Reply => {
  const { faults } = controls
  try {
    switch (`${method} ${url.pathname.slice('/__emulator__'.length)}`) {
      case 'GET /faults':
        return reply(200, faults.list())
      case 'PUT /faults':
        faults.set(parseFaults(JSON.parse(String(body)), url.pathname))
        return reply(200, faults.list())
      case 'DELETE /faults':
        faults.clear()
        return reply(200, faults.list())
      case 'GET /log':
        return reply(200, controls.state.log)
      case 'GET /requests':
        return reply(200, controls.seen)
      case 'GET /clock':
        return reply(200, clockOf(controls))
      case 'PUT /clock':
        controls.offset.skewMs = skewOf(JSON.parse(String(body)))
        return reply(200, clockOf(controls))
      default:
        return reply(404, { message: 'no such control' })
    }
  } catch (error) {
    if (error instanceof SkiffError) return reply(422, { message: error.message, hint: error.hint })
    if (error instanceof SyntaxError) return reply(400, { message: error.message })
    throw error
  }
}

const clockOf = ({ state, offset }: Controls) => ({ now: state.now(), skewMs: offset.skewMs })

const skewOf = (value: unknown): number => {
  const skewMs = (value as { skewMs?: unknown } | null)?.skewMs
  if (typeof skewMs === 'number' && Number.isFinite(skewMs)) return skewMs
  throw new SyntaxError('skewMs is not a number')
}

const reply = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})
