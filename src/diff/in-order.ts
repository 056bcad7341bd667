/** Something with a place among others. */
export interface Standing {
  readonly id: number
  /** Smaller comes first; what has the same place goes by its id. */
  readonly place: number
}

/**
 * Places in ascending order for things in the order that is wanted, of which as few as possible move: the longest run that stands
 * right stays, and a new or moved one goes between its neighbours. Only where there is no room do others make it.
 * @param last The greatest place that is taken; null when none is.
 */
export const placesOf = (things: readonly (Standing | undefined)[], last: number | null): readonly number[] => {
  const staying = longestRising(things)
  const places: number[] = []
  let before: Standing | null = null
  let low = Number.NEGATIVE_INFINITY
  for (const [at, thing] of things.entries()) {
    const stays = thing !== undefined && staying.has(at)
    if (stays && (thing.place > low || (thing.place === low && before && byPlace(before, thing) < 0))) {
      places.push(thing.place)
      before = thing
    } else {
      const next = things.findIndex((one, index) => index > at && one && staying.has(index))
      places.push(
        low > Number.NEGATIVE_INFINITY
          ? next < 0 && last !== null
            ? Math.max(low, last) + 1
            : low + 1
          : next < 0
            ? (last ?? -1) + 1
            : (things[next]?.place ?? 0) - (next - at),
      )
      before = null
    }
    low = places.at(-1) ?? low
  }
  return places
}

export const byPlace = (a: Standing, b: Standing): number => a.place - b.place || a.id - b.id

/** Indexes of the longest part that stands in rising order already. */
const longestRising = (things: readonly (Standing | undefined)[]): ReadonlySet<number> => {
  const best: { readonly length: number; readonly before: number }[] = []
  let end = -1
  for (const [at, thing] of things.entries()) {
    let [length, before] = [0, -1]
    for (let index = 0; thing && index < at; index += 1) {
      const other = things[index]
      const known = best[index]
      if (other && known && byPlace(other, thing) < 0 && known.length > length) [length, before] = [known.length, index]
    }
    best.push({ length: thing ? length + 1 : 0, before })
    if (thing && (end < 0 || length + 1 > (best[end]?.length ?? 0))) end = at
  }
  const found = new Set<number>()
  for (let at = end; at >= 0; at = best[at]?.before ?? -1) found.add(at)
  return found
}
