/** A point in time whose text in the database is not the ISO-8601 of its cell. */
export class Instant {
  /** As the database writes it. */
  readonly stored: string
  /** UTC ISO-8601. */
  readonly iso: string

  constructor(stored: string, iso: string) {
    this.stored = stored
    this.iso = iso
  }
}

/** The cell of a value as a driver gave it: exact text, nothing for NULL; undefined for bytes, which are no text. */
export const cellOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (value instanceof Instant) return value.iso
  return value instanceof Uint8Array ? undefined : String(value)
}
