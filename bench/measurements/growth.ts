import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endlessStore } from '../endless-store.ts'
import { inChild } from '../in-child.ts'
import type { Cost } from '../measured.ts'
import { atMost, exponent, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/**
 * First pulls of stores of one, four and sixteen times as many products, up to a million, and pushes of as many times more rows. Each
 * takes so long that once is enough.
 */
export const growth = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  try {
    const recording = join(folder, 'recording')
    mkdirSync(recording)
    await inChild('recordPull', { folder: recording, products: PAGE })
    const [least, ...more] = [1, 4, 16].map((times) => times * Math.max(PAGE, Math.round(62_500 * scale)))
    const first = await pulled(folder, recording, least as number, say)
    const results: Result[] = []
    for (const products of more) {
      const cost = await pulled(folder, recording, products, say)
      results.push(...compared({ products: least as number, ...first }, { products, ...cost }))
    }
    return [...results, await ofPushes(scale, say)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const ofPushes = async (scale: number, say: Options['say']): Promise<Result> => {
  const sizes = [1, 4, 16].map((times) => times * Math.max(100, Math.round(2000 * scale)))
  const costs: Cost[] = []
  for (const rows of sizes) {
    say(`growth: pushing ${rows} rows`)
    costs.push(await inChild('pushRows', { rows }))
  }
  const cpu = costs.map((cost) => cost.cpu)
  const figures = Object.fromEntries(sizes.map((rows, at) => [`rows${rows}`, cpu[at] ?? 0]))
  const what = `growth exponent of a push, up to ${sizes.at(-1)} rows, processor`
  return result('growth', what, exponent(sizes, cpu), atMost(1.1), figures)
}

const PAGE = 250

type Pulled = Cost & { readonly products: number }

const pulled = async (parent: string, recording: string, products: number, say: Options['say']): Promise<Cost> => {
  say(`growth: pulling ${products} products`)
  const folder = join(parent, String(products))
  mkdirSync(folder)
  const store = await endlessStore(recording, products)
  try {
    return await inChild('pullEndless', { folder, origin: store.origin })
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const compared = (small: Pulled, large: Pulled): readonly Result[] => {
  const sizes = `${large.products} products / ${small.products}`
  const growing = exponent([small.products, large.products], [small.cpu, large.cpu])
  return [
    result('growth', `peak memory of a first pull of ${sizes}`, large.peak / small.peak, atMost(1.15), {
      small: small.peak,
      large: large.peak,
    }),
    result('growth', `growth exponent of a first pull, ${sizes}, processor`, growing, atMost(1.1), {
      small: small.cpu,
      large: large.cpu,
    }),
  ]
}
