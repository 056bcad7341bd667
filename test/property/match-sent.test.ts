import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Match, matchSent, type Remembered, type Stored } from '../../src/diff/index.ts'

/** Few addresses, some of one name and some that differ in their query alone, so that they meet often. */
const ADDRESSES = ['x/a.jpg', 'x/b.jpg', 'x/c.jpg', 'x/d.jpg', 'y/a.jpg', 'x/b.jpg?v=2', 'x/e.png'].map(
  (path) => `https://${path}`,
)

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('feed' as const), wanted: fc.shuffledSubarray(ADDRESSES) }) },
  fc.record({ kind: fc.constantFrom('delete' as const, 'back' as const, 'front' as const), at: fc.nat(9) }),
  fc.constant({ kind: 'add' as const }),
)
/** Without memory, one version of a picture cannot be told from another, nor two of one name from different folders. */
const lossy = fc.oneof(
  {
    weight: 5,
    arbitrary: step.map((one) =>
      one.kind === 'feed' ? { ...one, wanted: one.wanted.filter((address) => !/\?|\/\/y\//.test(address)) } : one,
    ),
  },
  fc.constant({ kind: 'forget' as const }),
)

type Step = typeof lossy extends fc.Arbitrary<infer T> ? T : never

interface Thing extends Stored {
  /** What it shows; the merchant's own show nothing of the source. */
  readonly content: string | null
}

/** A store that behaves as BigCommerce does, as far as order and files go. */
class Shop {
  things: Thing[] = []
  memory = new Map<number, string>()
  #number = 0

  readonly pushesBack: boolean

  constructor(pushesBack: boolean) {
    this.pushesBack = pushesBack
  }

  decide(wanted: readonly string[]): readonly Match[] {
    const remembered = [...this.memory].map(([id, address]): Remembered => ({ id, address }))
    return matchSent(wanted, this.things, remembered, true)
  }

  carryOut(matches: readonly Match[]): void {
    const sound = matches.flatMap((one) => ('reason' in one ? [] : one))
    for (const { address, id, place } of sound) {
      if (id === null) this.memory.set(this.add(address, place), address)
    }
    for (const { address, id, place, isRecognised } of [...sound].reverse()) {
      const before = this.things.find((thing) => thing.id === id)
      if (!before || id === null) continue
      if (this.memory.get(id) !== address && !isRecognised)
        this.#set(id, { content: address, file: this.#file(address) })
      this.memory.set(id, address)
      if (place !== before.place) this.move(id, place)
    }
  }

  add(content: string | null, place: number): number {
    this.#number += 1
    const file = this.#file(content ?? `https://shop/own-${this.#number}.jpg`)
    this.things.push({ id: this.#number, file, place, content })
    return this.#number
  }

  move(id: number, place: number): void {
    const from = this.things.find((one) => one.id === id)?.place ?? place
    if (this.pushesBack && place > from)
      for (const one of this.things)
        if (one.id !== id && one.place >= place) this.#set(one.id, { place: one.place + 1 })
    this.#set(id, { place })
  }

  order(): readonly Thing[] {
    return [...this.things].sort((a, b) => a.place - b.place || a.id - b.id)
  }

  #set(id: number, change: Partial<Thing>): void {
    this.things = this.things.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  #file(address: string): string {
    this.#number += 1
    const name = (address.split('?')[0] ?? '')
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '')
    return `f/${100 + this.#number}/${name?.replace(/-/g, '_')}__${10_000 + this.#number}.jpg`
  }
}

/** Goes through some history, and looks at the shop after each feed. */
const live = (
  shop: Shop,
  steps: readonly Step[],
  look: (wanted: readonly string[], matches: readonly Match[]) => void,
) => {
  for (const one of steps) {
    const thing = 'at' in one ? shop.order()[one.at % Math.max(1, shop.things.length)] : undefined
    if (one.kind === 'feed') {
      const matches = shop.decide(one.wanted)
      shop.carryOut(matches)
      look(one.wanted, matches)
    } else if (one.kind === 'add') shop.add(null, (shop.order().at(-1)?.place ?? -1) + 1)
    else if (one.kind === 'forget') shop.memory.clear()
    else if (thing && one.kind === 'delete') shop.things = shop.things.filter(({ id }) => id !== thing.id)
    else if (thing && one.kind === 'back') shop.move(thing.id, thing.place + 2)
    else if (thing) shop.move(thing.id, (shop.order()[0]?.place ?? 0) - 1)
  }
}

/** The memory of a picture is lost, its name comes from another folder, and then from its own again. */
const RETURNED: Step[] = [
  { kind: 'feed', wanted: ['https://x/a.jpg'] },
  { kind: 'forget' },
  { kind: 'feed', wanted: ['https://x/c.jpg', 'https://y/a.jpg'] },
  { kind: 'feed', wanted: ['https://x/a.jpg'] },
]

/** A picture that the merchant deleted comes back as what another one, of the same name, shows by now; then both are wanted. */
const SHADOWED: Step[] = [
  { kind: 'feed', wanted: ['https://x/b.jpg?v=2'] },
  {
    kind: 'feed',
    wanted: ADDRESSES.filter((address) => address !== 'https://x/b.jpg?v=2').concat('https://x/b.jpg?v=2'),
  },
  { kind: 'delete', at: 1 },
  { kind: 'feed', wanted: ['https://x/b.jpg'] },
  { kind: 'feed', wanted: ['https://x/b.jpg?v=2', 'https://x/b.jpg'] },
]

describe('what was sent before', () => {
  it('comes to rest: carried out once, nothing is left to be done', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(lossy, { maxLength: 8 }), (pushesBack, steps) => {
        const shop = new Shop(pushesBack)
        live(shop, steps, (wanted) => {
          const places = new Map(shop.things.map(({ id, place }) => [id, place]))
          for (const again of shop.decide(wanted)) {
            if ('reason' in again) continue
            expect(again).toMatchObject({ isRecognised: false, id: expect.any(Number) })
            expect(shop.memory.get(again.id ?? 0)).toBe(again.address)
            expect(again.place).toBe(places.get(again.id ?? 0))
          }
        })
      }),
    )
  })

  it('never stands there twice, also where the memory of it was lost', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(lossy, { maxLength: 8 }), (pushesBack, steps) => {
        const shop = new Shop(pushesBack)
        live(shop, steps, () => {
          const shown = shop.things.flatMap(({ content }) => content ?? [])
          expect(shown).toEqual([...new Set(shown)])
        })
      }),
      { examples: [[false, RETURNED]] },
    )
  })

  it('shows every wanted address once, in the order that is wanted, whatever the shop did', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 8 }), (pushesBack, steps) => {
        const shop = new Shop(pushesBack)
        live(shop, steps, (wanted) => {
          const shown = shop.order().flatMap(({ content }) => (content && wanted.includes(content) ? content : []))
          expect(shown).toEqual(wanted)
        })
      }),
      { examples: [[false, SHADOWED]] },
    )
  })

  it('leaves what the shop added itself as it is', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 8 }), (pushesBack, steps) => {
        const shop = new Shop(pushesBack)
        const own = () => shop.things.filter(({ content }) => content === null).length
        let expected = 0
        live(shop, steps, (_wanted, matches) => {
          const touched = matches.flatMap((one) => ('id' in one && one.id !== null ? one.id : []))
          expect(shop.things.filter(({ id, content }) => content === null && touched.includes(id))).toEqual([])
          expected = own()
        })
        expect(own()).toBeGreaterThanOrEqual(Math.min(expected, own()))
      }),
    )
  })

  it('is moved as little as possible: one that jumps the line costs one move', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ADDRESSES, { minLength: 3 }), fc.nat(9), fc.nat(9), (wanted, from, to) => {
        const shop = new Shop(true)
        shop.carryOut(shop.decide(wanted))
        // Room between all of them, as the numbers of a shop that was used for a while.
        shop.things = shop.things.map((one) => ({ ...one, place: one.place * 10 }))
        const moved = [...wanted]
        const [one = ''] = moved.splice(from % moved.length, 1)
        moved.splice(to % (moved.length + 1), 0, one)
        const places = new Map(shop.things.map(({ id, place }) => [id, place]))
        const changed = shop.decide(moved).filter((match) => 'id' in match && match.place !== places.get(match.id ?? 0))
        expect(changed.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
