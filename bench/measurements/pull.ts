import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inChild } from '../in-child.ts'
import type { Cost } from '../measured.ts'
import { atLeast, atMost, exponent, median, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** A first pull against the bare loop over the same answers, and an unchanged second one against the first. */
export const pull = async ({ scale, rounds, say }: Options): Promise<readonly Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  try {
    const products = Math.max(PARTS, Math.round(30_000 * scale))
    const [whole, part] = [join(folder, 'whole'), join(folder, 'part')]
    say(`pull: recording ${products} products`)
    await recordedIn(whole, products)
    await recordedIn(part, Math.round(products / PARTS))
    const found: Round[] = []
    for (let round = 1; round <= rounds; round += 1) {
      say(`pull: round ${round} of ${rounds}`)
      found.push(await oneRound(folder, round, whole, part))
    }
    return resultsOf(found, products)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The smaller store has one in so many of the products. */
const PARTS = 4

interface Round {
  readonly bare: Cost
  readonly first: Cost
  readonly again: Cost
  readonly small: Cost
}

const recordedIn = async (folder: string, products: number): Promise<void> => {
  mkdirSync(folder)
  await inChild('recordPull', { folder, products })
}

const oneRound = async (parent: string, round: number, whole: string, part: string): Promise<Round> => {
  const folder = join(parent, `round-${round}`)
  const small = join(folder, 'small')
  mkdirSync(small, { recursive: true })
  const inWhole = { folder, recording: whole }
  const measured = {
    bare: await inChild('pullBare', inWhole),
    first: await inChild('pullStore', inWhole),
    again: await inChild('pullStore', inWhole),
    small: await inChild('pullStore', { folder: small, recording: part }),
  }
  rmSync(folder, { recursive: true, force: true })
  return measured
}

const resultsOf = (rounds: readonly Round[], products: number): readonly Result[] => {
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure))
  const growth =
    (one: keyof Cost) =>
    ({ small, first }: Round) =>
      exponent([1, PARTS], [small[one], first[one]])
  const cpu = { products, bare: of(({ bare }) => bare.cpu), pull: of(({ first }) => first.cpu) }
  const wall = { products, bare: of(({ bare }) => bare.seconds), pull: of(({ first }) => first.seconds) }
  const again = { products, first: cpu.pull, again: of((round) => round.again.cpu) }
  const memory = { products, bare: of(({ bare }) => bare.peak), pull: of(({ first }) => first.peak) }
  const line = (what: string, ratio: (round: Round) => number, goal: Result['goal'], figures: Result['figures']) =>
    result('pull', what, rounds.map(ratio), goal, figures)
  return [
    line('speed of a first pull / bare loop, processor', ({ bare, first }) => bare.cpu / first.cpu, atLeast(0.8), cpu),
    line(
      'speed of a first pull / bare loop, clock',
      ({ bare, first }) => bare.seconds / first.seconds,
      atLeast(0.8),
      wall,
    ),
    line(
      'speed of an unchanged second pull / first, processor',
      (one) => one.first.cpu / one.again.cpu,
      atLeast(3),
      again,
    ),
    line(
      'speed of an unchanged second pull / first, clock',
      (one) => one.first.seconds / one.again.seconds,
      atLeast(3),
      {
        products,
        first: wall.pull,
        again: of((one) => one.again.seconds),
      },
    ),
    line('peak memory of a first pull / bare loop', ({ bare, first }) => first.peak / bare.peak, null, memory),
    line(
      `peak memory of a first pull / one of a ${PARTS}th of the products`,
      (one) => one.first.peak / one.small.peak,
      atMost(1.15),
      {
        products,
        all: memory.pull,
        part: of(({ small }) => small.peak),
      },
    ),
    line('growth exponent of a first pull in products, processor', growth('cpu'), atMost(1.1), {
      products,
      all: cpu.pull,
      part: of(({ small }) => small.cpu),
    }),
  ]
}
