import { type VirtualClock, virtualTime } from '../../src/app/virtual-time.ts'

export type { VirtualClock }

/** Time that passes only when everybody waits, or when the test says so. */
export const virtualClock = (start = Date.parse('2026-03-02T09:00:00Z')): VirtualClock => virtualTime(start)
