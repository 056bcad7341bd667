/** The known name that a mistaken one is most likely meant to be; undefined when none is close. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = Math.floor(Math.max(name.length, 3) / 2) + 1
  for (const one of known) {
    const edits = distance(wanted, one.toLowerCase())
    if (edits < least) {
      best = one
      least = edits
    }
  }
  return best
}

/** Insertions, deletions and replacements of single characters (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
