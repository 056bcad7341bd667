export interface Options {
  /** Share of the usual sizes. */
  readonly scale: number
  /** How often each side is measured; the median counts. */
  readonly rounds: number
  readonly say: (text: string) => void
}
