import picocolors from 'picocolors'

/** What a view for people is drawn on. */
export interface Screen {
  /** Characters in a line. */
  readonly width: number
  readonly paint: Paint
}

export type Paint = ReturnType<typeof picocolors.createColors>

export const screenOf = (width: number, colour: boolean): Screen => ({ width, paint: picocolors.createColors(colour) })
