/** A share of rows that is the same for the same seed; consecutive seeds take the shares in turn until every row was in one. */
export interface Sample {
  /** Above 0 and up to 1. */
  readonly share: number
  readonly seed: number
}

export const isSampled = ({ share, seed }: Sample, key: unknown): boolean => {
  if (share >= 1) return true
  const place = (placeOf(String(key)) - ((seed * share) % 1) + 1) % 1
  return place < share
}

/** A number from 0 up to 1 by the text alone (FNV-1a, mixed, because close ids must not lie close). */
const placeOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}
