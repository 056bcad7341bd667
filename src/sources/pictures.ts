import type { Part, Pictures } from '../model/index.ts'

/** Where pictures lie, the resource that they are rows of, and its field for the address. */
export interface PictureSpec extends Pictures {
  readonly resource: string
  readonly field: string
}

/** The same with the places of the columns among the cells of a record. */
export interface PictureColumns extends PictureSpec {
  readonly places: readonly number[]
  readonly positionAt: number | null
}

export const pictureColumns = ({ from, position }: Pictures): readonly string[] => [
  ...from,
  ...(position === undefined ? [] : [position]),
]

export const placePictures = (spec: PictureSpec, placeOf: (column: string) => number): PictureColumns => ({
  ...spec,
  places: spec.from.map(placeOf),
  positionAt: spec.position === undefined ? null : placeOf(spec.position),
})

type Cells = readonly (string | undefined)[]
type Parts = Readonly<Record<string, readonly Part[]>>

/** The parts of a row with the pictures of all its records: each address once, in the order of their places, else as they come. */
export const partsWithPictures = (
  { images }: { readonly images: PictureColumns | null },
  { parts }: { readonly parts?: Parts },
  records: readonly Cells[],
): { readonly parts?: Parts } => {
  if (!images) return parts ? { parts } : {}
  const found = new Map<string, Part>()
  for (const { address, column } of inOrder(records.flatMap((cells) => picturesOf(images, cells)))) {
    if (found.has(address)) continue
    const named = { [images.field]: address }
    found.set(address, { key: named, values: named, column })
  }
  return { parts: { ...parts, [images.resource]: [...found.values()] } }
}

interface Picture {
  readonly address: string
  readonly column: string
  /** Infinite where none is told. */
  readonly position: number
}

const picturesOf = ({ from, list, base, places, positionAt }: PictureColumns, cells: Cells): readonly Picture[] => {
  const told = positionAt === null ? '' : (cells[positionAt] ?? '').trim()
  const position = /^\d+$/.test(told) ? Number(told) : Number.POSITIVE_INFINITY
  return from.flatMap((column, index) => {
    const cell = cells[places[index] ?? -1] ?? ''
    return (list === undefined ? [cell] : cell.split(list))
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map((text) => ({ address: whole(text, base), column, position }))
  })
}

const inOrder = (pictures: readonly Picture[]): readonly Picture[] =>
  [...pictures].sort((a, b) => (a.position === b.position ? 0 : a.position - b.position))

/** The address as it is sent; what cannot be made one is a path, for whoever looks for the file. */
const whole = (text: string, base: string | undefined): string => {
  const joined =
    /^https?:/i.test(text) || base === undefined ? text : `${base.replace(/\/*$/, '/')}${text.replace(/^\/+/, '')}`
  return URL.canParse(joined) ? new URL(joined).href : joined
}
