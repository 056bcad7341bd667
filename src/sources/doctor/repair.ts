import { type CsvOptions, csvFormat } from '../csv-format.ts'
import { markedAs } from '../decode.ts'
import { encodeText } from '../encode.ts'
import type { Location } from '../location.ts'
import { type Examination, examine, type Patient } from './examine.ts'
import type { Tell } from './judge.ts'
import { openForDoctor } from './text-reading.ts'

export interface CsvPatient extends Omit<Patient, 'open' | 'origin' | 'mustEnd'> {
  readonly location: Location
  readonly options: CsvOptions
}

/** Examines a CSV file. */
export const examineCsv = ({ location, options, subjects }: CsvPatient, tell: Tell): Promise<Examination> => {
  const kind = { format: csvFormat(options), lines: { encoding: options.encoding } }
  return examine(
    {
      origin: location.origin,
      open: (carefully) => openForDoctor(location, kind, carefully),
      subjects,
      mustEnd: options.finalNewline !== 'optional',
    },
    tell,
  )
}

export interface Repaired {
  readonly bytes: Uint8Array
  /** Cells that differ from the original. */
  readonly cells: number
  /** What is still found in it, for a person to decide. */
  readonly left: number
}

/**
 * The file with every repair made, and no other byte changed. What is usual in a file may change with its repairs, so it is examined
 * again until nothing more can be repaired. Holds the whole file.
 * @throws {SourceRefusedError} when it cannot be read, or a text would need quotes and the file has none.
 */
export const repairCsv = async (patient: CsvPatient): Promise<Repaired> => {
  let bytes = await bytesOf(patient.location)
  const encoding = markedAs(bytes)?.encoding ?? patient.options.encoding ?? 'utf-8'
  const repaired = new Set<string>()
  for (let round = 0; ; round += 1) {
    const edits = new Map<number, Map<number, string>>()
    let left = 0
    const { refused } = await examineCsv({ ...patient, location: inMemory(patient.location, bytes) }, (finding, at) => {
      left += 1
      // A text that the encoding does not have stays a finding; it is no reason to repair nothing else.
      if (finding.repair === null || round === MOST_ROUNDS || !encodeText(finding.repair, encoding)) return
      const cells = edits.get(finding.line) ?? new Map<number, string>()
      edits.set(finding.line, cells.set(at, finding.repair))
      repaired.add(`${finding.line}\t${at}`)
    })
    if (refused) throw refused
    if (edits.size === 0) return { bytes, cells: repaired.size, left }
    // Cells are replaced from left to right.
    const ordered = new Map([...edits].map(([line, cells]) => [line, new Map([...cells].sort(([a], [b]) => a - b))]))
    bytes = (await csvFormat(patient.options).rewrite?.(bytes, ordered, patient.location.origin, [])) ?? bytes
  }
}

/** Files that need more have not been seen. */
const MOST_ROUNDS = 8

const bytesOf = async (location: Location): Promise<Uint8Array> => {
  const reading = await location.open()
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of reading.bytes) chunks.push(chunk)
    await reading.finish()
    return Buffer.concat(chunks)
  } finally {
    await reading.close()
  }
}

const inMemory = ({ origin }: Location, bytes: Uint8Array): Location => ({
  origin,
  open: async () => ({
    bytes: (async function* () {
      if (bytes.length) yield bytes
    })(),
    finish: async () => null,
    close: async () => undefined,
  }),
})
