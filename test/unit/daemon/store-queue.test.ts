import { describe, expect, it } from 'vitest'
import { StoreQueue } from '../../../src/daemon/store-queue.ts'

const gate = () => {
  let open = (): void => {}
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the queue', () => {
  it('runs one piece of work at a time on a store, and other stores beside it', async () => {
    const queue = new StoreQueue()
    const first = gate()
    const order: string[] = []
    const work = [
      queue.run(['a'], async () => {
        order.push('a1')
        await first.promise
      }),
      queue.run(['a', 'b'], async () => void order.push('a2 b1')),
      queue.run(['b'], async () => void order.push('b2')),
      queue.run(['c'], async () => void order.push('c1')),
    ]
    await settle()
    expect(order).toEqual(['a1', 'c1'])
    first.open()
    await Promise.all(work)
    expect(order).toEqual(['a1', 'c1', 'a2 b1', 'b2'])
  })

  it('goes on after a failure, which is told to its owner', async () => {
    const queue = new StoreQueue()
    const failed = queue.run(['a'], () => Promise.reject(new Error('no room')))
    const next = queue.run(['a'], async () => 'done')
    await expect(failed).rejects.toThrow('no room')
    await expect(next).resolves.toBe('done')
  })
})
