/** The first bytes of a stream, and all of them again. */
export interface Beginning {
  /** At least as many as were asked for, where the stream has them. */
  readonly start: Buffer
  /** The stream ended within them. */
  readonly isWhole: boolean
  readonly all: AsyncIterable<Uint8Array>
}

export const beginningOf = async (bytes: AsyncIterable<Uint8Array>, enough: number): Promise<Beginning> => {
  const rest = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  let isWhole = false
  while (size < enough && !isWhole) {
    const next = await rest.next()
    isWhole = next.done === true
    if (next.done) break
    first.push(next.value)
    size += next.value.length
  }
  const start = Buffer.concat(first)
  const all = async function* () {
    try {
      if (start.length) yield start
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
    } finally {
      await rest.return?.()
    }
  }
  return { start, isWhole, all: all() }
}
