import { SourceRefusedError } from '../../model/index.ts'

/** How much may come out of something compressed; text that people keep shrinks to a twentieth, a bomb to a thousandth. */
export interface Inflation {
  /** Bytes that come out at most. */
  readonly most: number
  /** How many times more may come out than went in, once more than `free` came out. */
  readonly ratio: number
  readonly free: number
}

export const MEGABYTE = 1024 * 1024

/** @throws {SourceRefusedError} when more came out of so many bytes than is allowed. */
export const refuseBomb = (
  packed: number,
  unpacked: number,
  { most, ratio, free }: Inflation,
  origin: string,
): void => {
  const tooMuch = unpacked > most
  if (!tooMuch && (unpacked <= free || unpacked <= packed * ratio)) return
  throw new SourceRefusedError(
    tooMuch
      ? `${origin} unpacks to more than ${most / MEGABYTE} MB`
      : `${origin} unpacks to more than ${ratio} times its size`,
    {
      where: origin,
      hint: 'a file that unpacks so much is taken for an attack; unpack it yourself when you trust it, and name the result as "path"',
    },
  )
}
