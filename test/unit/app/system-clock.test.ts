import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/app/index.ts'

describe('the machine’s own time', () => {
  it('ends a sleep with the reason that the signal gives, before it and in the middle of it', async () => {
    const reason = new Error('stopped by SIGINT')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    const stop = new AbortController()
    const sleep = systemClock.sleep(60_000, stop.signal)
    stop.abort(reason)
    await expect(sleep).rejects.toBe(reason)
  })
})
