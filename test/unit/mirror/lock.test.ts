import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Holder, lockStore, lockWhenFree } from '../../../src/mirror/index.ts'
import { LockedError, MirrorError } from '../../../src/model/index.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { AT, folder } from './fixture.ts'

const holder = (work: string): Holder => ({ pid: 7, host: 'here', since: AT, work })

const waiting = (path: string, waitMs: number) => {
  const clock = virtualClock()
  const stop = new AbortController()
  const told: string[] = []
  const lock = lockWhenFree(path, holder('push p1'), {
    waitMs,
    clock,
    signal: stop.signal,
    tell: (text) => told.push(text),
  })
  return { clock, stop, told, lock }
}

describe('the lock of a store', () => {
  it('P13: is refused at once, naming who holds it, where nobody waits', async () => {
    const path = join(folder(), 'main.db')
    const held = lockStore(path, holder('sync prices'))
    const { clock, lock, told } = waiting(path, 0)
    await expect(lock).rejects.toThrow(/held by sync prices \(process 7 on here/)
    expect([clock.elapsed(), told]).toEqual([0, []])
    held.release()
  })

  it('P13: comes to who waits for it once it is free, and says meanwhile for whom', async () => {
    const path = join(folder(), 'main.db')
    const held = lockStore(path, holder('sync prices'))
    const { clock, lock, told } = waiting(path, 600_000)
    void clock.sleep(9_000).then(() => held.release())
    ;(await lock).release()
    expect(clock.elapsed()).toBeGreaterThanOrEqual(9_000)
    expect(clock.elapsed()).toBeLessThan(11_000)
    expect(told).toEqual([expect.stringMatching(/held by sync prices.*waiting for it, 10 min at most/)])
  })

  it('is given up after the time', async () => {
    const path = join(folder(), 'main.db')
    const held = lockStore(path, holder('sync prices'))
    const { clock, lock } = waiting(path, 6_000)
    await expect(lock).rejects.toThrow(LockedError)
    expect(clock.elapsed()).toBe(6_000)
    held.release()
  })

  it('is waited for no longer when the process is asked to end', async () => {
    const path = join(folder(), 'main.db')
    const held = lockStore(path, holder('sync prices'))
    const { lock, stop } = waiting(path, 6_000)
    stop.abort(new Error('asked to end'))
    await expect(lock).rejects.toThrow('asked to end')
    held.release()
  })

  it('P10: is no excuse for a folder that cannot be written', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    expect(() => lockStore(join(file, 'main.db'), holder('pull'))).toThrow(MirrorError)
  })
})
