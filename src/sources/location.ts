/** Where the bytes of a source lie, apart from what they mean. */
export interface Location {
  /** For people: a path or an address without secrets. */
  readonly origin: string
  /** @throws {SourceRefusedError} when there is nothing readable. */
  open(): Promise<Reading>
  /** What moves as soon as the bytes do, such as size and time; two looks that differ mean that somebody is writing. */
  look?(): Promise<string>
  /**
   * Puts other bytes in the place of those that are there, which must still be `before`: whoever reads finds the old ones whole or
   * the new ones whole, also after a power cut. Absent where nothing can be written.
   * @throws {SourceRefusedError} when the bytes are no longer those, or cannot be replaced.
   */
  replace?(before: Uint8Array, after: Uint8Array): Promise<void>
}

export interface Reading {
  /** For people, where it is more than the location knew before it was opened: the file that was picked out of several. */
  readonly origin?: string
  /** The bytes from the first to the last, once. */
  readonly bytes: AsyncIterable<Uint8Array>
  /**
   * To be called after the last byte: when the bytes were last changed, UTC ISO-8601, null when unknown.
   * @throws {SourceRefusedError} when they changed while they were read, so that no two halves of different files are mixed.
   */
  finish(): Promise<string | null>
  close(): Promise<void>
}
