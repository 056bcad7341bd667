/** Where the bytes of a source lie, apart from what they mean. */
export interface Location {
  /** For people: a path or an address without secrets. */
  readonly origin: string
  /** @throws {SourceRefusedError} when there is nothing readable. */
  open(): Promise<Reading>
}

export interface Reading {
  /** The bytes from the first to the last, once. */
  readonly bytes: AsyncIterable<Uint8Array>
  /**
   * To be called after the last byte: when the bytes were last changed, UTC ISO-8601, null when unknown.
   * @throws {SourceRefusedError} when they changed while they were read, so that no two halves of different files are mixed.
   */
  finish(): Promise<string | null>
  close(): Promise<void>
}
