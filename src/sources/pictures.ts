import type { Part, Pictures } from '../model/index.ts'

/** Where pictures lie, the resource that they are rows of, and its fields for the address and the alternative text. */
export interface PictureSpec extends Pictures {
  readonly resource: string
  readonly field: string
  readonly altField: string
}

/** The same with the places of the columns among the cells of a record. */
export interface PictureColumns extends PictureSpec {
  readonly places: readonly number[]
  readonly positionAt: number | null
  readonly altAt: readonly number[]
}

export const pictureColumns = ({ from, position, alt = [] }: Pictures): readonly string[] => [
  ...from,
  ...alt,
  ...(position === undefined ? [] : [position]),
]

export const placePictures = (spec: PictureSpec, placeOf: (column: string) => number): PictureColumns => ({
  ...spec,
  places: spec.from.map(placeOf),
  altAt: (spec.alt ?? []).map(placeOf),
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
  for (const { address, column, alt } of inOrder(records.flatMap((cells) => picturesOf(images, cells)))) {
    if (found.has(address)) continue
    const named = { [images.field]: address }
    found.set(address, { key: named, values: alt === '' ? named : { ...named, [images.altField]: alt }, column })
  }
  return { parts: { ...parts, [images.resource]: [...found.values()] } }
}

interface Picture {
  readonly address: string
  readonly column: string
  /** Empty where none is told. */
  readonly alt: string
  /** Infinite where none is told. */
  readonly position: number
}

const picturesOf = (
  { from, list, base, places, positionAt, altAt }: PictureColumns,
  cells: Cells,
): readonly Picture[] => {
  const told = positionAt === null ? '' : (cells[positionAt] ?? '').trim()
  const position = /^\d+$/.test(told) ? Number(told) : Number.POSITIVE_INFINITY
  return from.flatMap((column, index) => {
    const textOf = (place: number | undefined): string => cells[place ?? -1] ?? ''
    const texts = split(textOf(places[index]), list)
    const alts = altsOf(textOf(altAt[index]), list, texts.length)
    return texts
      .map((text, at) => ({ text, alt: alts[at] ?? '' }))
      .filter(({ text }) => text !== '')
      .map(({ text, alt }) => ({ address: whole(text, base), column, position, alt }))
  })
}

const split = (cell: string, list: string | undefined): readonly string[] =>
  (list === undefined ? [cell] : cell.split(list)).map((text) => text.trim())

/** One text for each address of a cell. Where their counts differ, a text holds what stands between two, and nobody can tell which. */
const altsOf = (cell: string, list: string | undefined, count: number): readonly string[] => {
  if (count === 1) return [cell.trim()]
  const texts = split(cell, list)
  return texts.length === count ? texts : []
}

const inOrder = (pictures: readonly Picture[]): readonly Picture[] =>
  [...pictures].sort((a, b) => (a.position === b.position ? 0 : a.position - b.position))

/** The address as it is sent; what cannot be made one is a path, for whoever looks for the file. */
const whole = (text: string, base: string | undefined): string => {
  const joined =
    /^https?:/i.test(text) || base === undefined ? text : `${base.replace(/\/*$/, '/')}${text.replace(/^\/+/, '')}`
  return URL.canParse(joined) ? new URL(joined).href : joined
}
