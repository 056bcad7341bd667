import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Timed } from '../baselines/reports-in-duckdb.ts'
import { inChild } from '../in-child.ts'
import { atMost, exponent, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** The built-in reports over a large mirror, and the same questions put to DuckDB, which holds the same rows. */
export const reports = async ({ scale, rounds, say }: Options): Promise<readonly Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  const [skus, orders] = [Math.max(3000, Math.round(1_000_000 * scale)), Math.max(1000, Math.round(200_000 * scale))]
  try {
    say(`reports: filling a mirror with ${skus} SKUs and ${orders} orders`)
    await inChild('fillMirror', { folder, skus, orders })
    const found: { readonly ours: Answers; readonly theirs: Answers }[] = []
    for (let round = 1; round <= rounds; round += 1) {
      say(`reports: round ${round} of ${rounds}`)
      const theirs = await inChild('reportsInDuckDb', { folder })
      const ours = await inChild('runReports', { folder, names: Object.keys(theirs) })
      found.push({ ours, theirs })
    }
    const names = Object.keys(found[0]?.theirs ?? {})
    const most = Math.min(...found.map(({ ours }) => secondsOf(ours)))
    const compared = names.map((name) => {
      const pairs = found.flatMap(({ ours: { [name]: our }, theirs: { [name]: their } }) =>
        our && their ? [{ our, their }] : [],
      )
      for (const { our, their } of pairs)
        if (our.rows !== their.rows) throw new Error(`${name}: ${our.rows} rows, DuckDB finds ${their.rows}`)
      const what = `report ${name} over ${skus} SKUs and ${orders} orders / DuckDB that holds the rows, clock`
      const ratios = pairs.map(({ our, their }) => our.seconds / their.seconds)
      return result('reports', what, ratios, null, {
        skiff: Math.min(...pairs.map(({ our }) => our.seconds)),
        duckDb: Math.min(...pairs.map(({ their }) => their.seconds)),
        rows: pairs[0]?.our.rows ?? 0,
      })
    })
    return [...compared, await growthOf({ skus, orders, names, most }, say)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Answers = Readonly<Record<string, Timed>>

interface Grown {
  readonly skus: number
  readonly orders: number
  readonly names: readonly string[]
  /** Seconds of all reports at full size. */
  readonly most: number
}

/** All reports over a sixteenth and a fourth of the rows, against all of them. */
const growthOf = async ({ skus, orders, names, most }: Grown, say: Options['say']): Promise<Result> => {
  const parts = [1 / 16, 1 / 4]
  const seconds: number[] = []
  for (const part of parts) {
    const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
    try {
      say(`reports: over ${Math.round(skus * part)} SKUs`)
      await inChild('fillMirror', { folder, skus: Math.round(skus * part), orders: Math.round(orders * part) })
      seconds.push(secondsOf(await inChild('runReports', { folder, names })))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const sizes = [...parts, 1].map((part) => Math.round(skus * part))
  const all = [...seconds, most]
  const figures = Object.fromEntries(sizes.map((size, at) => [`skus${size}`, all[at] ?? 0]))
  const what = `growth exponent of all reports, up to ${skus} SKUs, clock`
  return result('reports', what, exponent(sizes, all), atMost(1.1), figures)
}

const secondsOf = (answers: Answers): number => Object.values(answers).reduce((sum, { seconds }) => sum + seconds, 0)
