import { describe, expect, it } from 'vitest'
import { createDemand } from '../../../src/store/demand.ts'

describe('how fast requests would leave', () => {
  const inTurn = (
    demand: ReturnType<typeof createDemand>,
    from: number,
    tripMs: number,
    heldMs: number,
    count: number,
  ) => {
    let now = from
    for (let nth = 0; nth < count; nth += 1) {
      demand.asks(now)
      now += heldMs
      demand.asks(now)
      demand.leaves(now)
      now += tripMs
      demand.ended(now)
    }
    return now
  }

  it('is the round trip where one follows the other, however long each is held', () => {
    const demand = createDemand()
    expect(demand.intervalMs()).toBeNull()
    inTurn(demand, 0, 400, 5000, 10)
    expect(demand.intervalMs()).toBe(400)
  })

  it('is a part of the round trip where several ask at once', () => {
    const demand = createDemand()
    for (let now = 0; now < 40_000; now += 400) {
      for (let lane = 0; lane < 4; lane += 1) {
        demand.asks(now)
        demand.leaves(now)
      }
      demand.ended(now + 400)
    }
    expect(demand.intervalMs()).toBeCloseTo(100, -1)
  })

  it('leaves out the pauses in which nobody asks', () => {
    const demand = createDemand()
    const end = inTurn(demand, 0, 200, 0, 10)
    inTurn(demand, end + 60_000, 200, 0, 2)
    expect(demand.intervalMs()).toBe(200)
  })

  it('follows work of another kind', () => {
    const demand = createDemand()
    const end = inTurn(demand, 0, 200, 0, 400)
    inTurn(demand, end, 20, 0, 60)
    expect(demand.intervalMs()).toBeLessThan(80)
  })
})
