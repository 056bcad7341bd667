import {
  keyText,
  type PictureSample,
  type PictureWeight,
  type Resource,
  type SentPart,
  sentPart,
  type Value,
  type Values,
} from '../../model/index.ts'
import { isSampled } from '../sample.ts'
import { labelOf } from './label.ts'
import { keyOf } from './match-rows.ts'
import type { Moving } from './moving.ts'

/**
 * Holds pictures that were copied of some rows against each other, place by place, by what lies behind the addresses at which both stores show them: its
 * type and its size in bytes.
 */
export const samplePictures = async (
  moving: Moving,
  resources: readonly Resource[],
  options: { readonly pictures: number; readonly seed: number },
): Promise<readonly PictureSample[]> => {
  const pairs = resources.flatMap((resource) => {
    const part = sentPart(moving.context.catalog, resource.name)
    return part?.moves ? sampleOf(moving, resource, part, options).flatMap((row) => pairsOf(moving, part, row)) : []
  })
  return Promise.all(pairs.map((pair) => weigh(moving, pair)))
}

interface Row {
  /** Keys of the row in both stores. */
  readonly old: Value
  readonly there: Value
  readonly about: Pick<PictureSample, 'resource' | 'key' | 'label'>
}

interface Pair {
  readonly about: Omit<PictureSample, 'old' | 'new' | 'verdict'>
  /** Addresses; undefined on a side that has no picture there. */
  readonly old: string | undefined
  readonly there: string | undefined
}

/** Of the rows that have pictures, as many as asked for, spread by the seed. */
const sampleOf = (
  { from, to, map }: Moving,
  resource: Resource,
  part: SentPart,
  { pictures: wanted, seed }: { readonly pictures: number; readonly seed: number },
): readonly Row[] => {
  const link = part.part.link
  const owners = new Set([...from.mirror.lookup(part, part.key).all()].map(({ values }) => values[link] ?? null))
  const share = Math.min(wanted / Math.max(owners.size, 1), 1)
  return [...owners]
    .filter((owner) => isSampled({ share, seed }, owner))
    .slice(0, wanted)
    .flatMap((owner) => {
      const old = from.mirror.row(resource, { [resource.key[0] ?? 'id']: owner })
      const key = old && map.get(resource.name, keyOf(resource, old))
      const there = key && to.mirror.row(resource, key)
      if (!old || !key || !there) return []
      const about = { resource: part.name, key: { old: keyText({ owner }), new: keyText(key) }, label: labelOf(old) }
      return [{ old: owner, there: Object.values(key)[0] ?? null, about }]
    })
}

const pairsOf = ({ from, to }: Moving, part: SentPart, { old, there, about }: Row): readonly Pair[] => {
  const { link } = part.part
  const addresses = ({ mirror }: Pick<Moving['from'], 'mirror'>, owner: Value): readonly string[] =>
    [...mirror.rowsWhere(part, link, owner)].sort(inPlace(part)).map((one) => String(one[part.sent.shown] ?? ''))
  const olds = addresses(from, old)
  const news = addresses(to, there)
  return Array.from({ length: Math.max(olds.length, news.length) }, (_none, at) => ({
    about: { ...about, place: at + 1 },
    old: olds[at],
    there: news[at],
  }))
}

const inPlace =
  ({ sent: { place }, key: [id = 'id'] }: SentPart) =>
  (a: Values, b: Values): number =>
    Number(a[place]) - Number(b[place]) || Number(a[id]) - Number(b[id])

const weigh = async ({ to }: Moving, { about, old, there }: Pair): Promise<PictureSample> => {
  const look = async (address: string | undefined): Promise<PictureWeight | null> => {
    if (address === undefined) return null
    return /^https?:\/\//i.test(address) ? to.web.weigh(address) : { reason: 'the store tells no address of it' }
  }
  const [before, now] = await Promise.all([look(old), look(there)])
  return { ...about, old: before, new: now, verdict: verdictOf(before, now) }
}

const verdictOf = (old: PictureWeight | null, now: PictureWeight | null): PictureSample['verdict'] => {
  if (old === null || now === null) return 'differs'
  if ('reason' in old || 'reason' in now) return 'unknown'
  return old.type === now.type && old.bytes === now.bytes ? 'same' : 'differs'
}
