import { SourceRefusedError } from '../../model/index.ts'
import { UnfinishedError } from '../unfinished.ts'
import type { HttpAnswer } from './http-request.ts'
import { MEGABYTE } from './inflation.ts'

/**
 * The bytes of an answer, at most so many.
 * @throws {SourceRefusedError} when they are more, packed, or cut.
 */
export async function* bodyOf(answer: HttpAnswer, origin: string, most: number): AsyncGenerator<Uint8Array> {
  const packed = answer.headers.get('content-encoding')
  if (packed !== null && packed !== 'identity') {
    throw new SourceRefusedError(`${origin} was sent as ${packed}, which was not asked for`, {
      where: origin,
      hint: 'switch off "Content-Encoding" for this file at the server',
    })
  }
  const length = answer.headers.get('content-length')
  let size = 0
  try {
    for await (const chunk of answer.body ?? []) {
      size += chunk.length
      if (size > most) throw tooLarge(origin, most)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof SourceRefusedError ? cause : cut(origin, size, length, cause)
  }
  if (length !== null && size !== Number(length)) throw cut(origin, size, length)
}

const cut = (origin: string, size: number, length: string | null, cause?: unknown): UnfinishedError =>
  new UnfinishedError(`${origin} is cut: ${size}${length === null ? '' : ` of ${length}`} bytes came`, {
    where: `${origin}, byte ${size}`,
    hint: 'run again; if it stays so, look at the server and at what lies between',
    cause,
  })

const tooLarge = (origin: string, most: number): SourceRefusedError =>
  new SourceRefusedError(`${origin} is larger than ${most / MEGABYTE} MB`, {
    where: origin,
    hint: 'let its program write less at once, or pack it with gzip',
  })
