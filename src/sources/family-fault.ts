import type { Family, MappedRecord } from './group.ts'

/** The first of some records that cannot be read, which keeps the whole family from being made. */
export const faultOf = (records: readonly MappedRecord[]): Family['misfit'] => {
  const faulty = records.find(({ fault }) => fault !== null)
  return faulty ? { line: faulty.line, column: '', value: '', reason: faulty.fault ?? '' } : null
}
