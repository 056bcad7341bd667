import { SourceRefusedError } from '../../model/index.ts'
import type { Table, TableRecord } from '../format.ts'
import { judgeOf, type Tell } from './judge.ts'
import { type Profile, profiler } from './profile.ts'
import { keyOf, placesIn, type Subject } from './subject.ts'

/** One going over of a file that does not give up at its end. */
export interface DoctorReading {
  readonly table: Table
  /** To be called after the last record: the hash of the bytes, and whether the last line has its end. */
  finish(): Promise<{ readonly sha256: string; readonly isEnded: boolean }>
  close(): Promise<void>
}

export interface Patient {
  /** For people; no secrets. */
  readonly origin: string
  /** @param carefully Records are handed out one by one, so that a fault takes none with it that stands before it. */
  readonly open: (carefully: boolean) => Promise<DoctorReading>
  readonly subjects: readonly Subject[]
  /** A last line without an end tells that the file was cut, also when it has all its cells. */
  readonly mustEnd: boolean
}

export interface Examination {
  /** Records read, without the header. */
  readonly rows: number
  readonly columns: readonly string[]
  /** Why the file could not be read to its end; what was found before it is told all the same. */
  readonly refused: SourceRefusedError | null
}

/**
 * Reads a file twice, once for what is usual in it and once for what is wrong, and tells each finding as it comes. Memory holds the
 * hashes of its keys, not its rows.
 */
export const examine = async (patient: Patient, tell: Tell): Promise<Examination> => {
  let seen: { readonly profile: Profile; readonly sha256: string | null; readonly isEnded: boolean } | undefined
  let rows = 0
  let columns: readonly string[] = []
  try {
    seen = await look(patient)
    const reading = await patient.open(seen.sha256 === null)
    try {
      columns = reading.table.columns
      const judge = judgeOf(patient, reading.table, seen.profile, tell)
      for await (const { record, isLast } of withLast(reading.table.batches)) {
        rows += 1
        judge(record, isLast && !seen.isEnded)
      }
      const { sha256 } = await reading.finish()
      if (seen.sha256 !== null && sha256 !== seen.sha256) throw changed(patient.origin)
    } finally {
      await reading.close()
    }
    if (rows === 0) throw noRows(patient.origin)
    return { rows, columns, refused: null }
  } catch (error) {
    if (error instanceof SourceRefusedError) return { rows, columns, refused: error }
    throw error
  }
}

/** The first reading. Where it is refused half way, the second one tells, and knows as much as was read. */
const look = async ({ open, subjects }: Patient) => {
  const reading = await open(false)
  try {
    const { table } = reading
    const place = placesIn(table)
    const { see, done } = profiler(table, subjects, place, (subject, cells) => keyOf(subject, cells, place))
    try {
      for await (const batch of table.batches) for (const record of batch) see(record)
      return { profile: done(), ...(await reading.finish()) }
    } catch (error) {
      if (!(error instanceof SourceRefusedError)) throw error
      return { profile: done(), sha256: null, isEnded: true }
    }
  } finally {
    await reading.close()
  }
}

async function* withLast(batches: Table['batches']): AsyncGenerator<{ record: TableRecord; isLast: boolean }> {
  let held: TableRecord | undefined
  try {
    for await (const batch of batches) {
      for (const record of batch) {
        if (held) yield { record: held, isLast: false }
        held = record
      }
    }
  } catch (error) {
    if (held) yield { record: held, isLast: false }
    throw error
  }
  if (held) yield { record: held, isLast: true }
}

const noRows = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} has a header and no rows`, {
    where: origin,
    hint: 'look at the program that writes it; nothing is planned from an empty source',
  })

const changed = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} changed while it was read`, {
    where: origin,
    hint: 'run again once it is complete',
  })
