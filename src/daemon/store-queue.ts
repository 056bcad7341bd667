/** Work that needs stores waits for its turn at each of them, in the order in which it came; other work goes on beside it. */
export class StoreQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(stores: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = stores.map((store) => this.#last.get(store))
    const mine = Promise.all(before).then(work)
    // A failure is its owner's to handle; those behind it only wait for the end.
    const ended = mine.then(
      () => undefined,
      () => undefined,
    )
    for (const store of stores) this.#last.set(store, ended)
    return mine
  }
}
