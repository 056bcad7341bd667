import { createHash } from 'node:crypto'
import type { Body } from '../model/index.ts'
import type { Upload } from './types.ts'

/** A body as it is sent. */
export interface Content {
  readonly type: string
  readonly bytes: string | Uint8Array
}

export const jsonContent = (body: unknown): Content => ({ type: 'application/json', bytes: JSON.stringify(body) })

/** Simple fields and one file as a form. What ends a part is made from the file, so that it is not in it. */
export const multipart = (fields: Body, { field, name, type, bytes }: Upload): Content => {
  const boundary = `form-${createHash('sha256').update(bytes).digest('hex')}`
  const part = (about: string, more = '') => `--${boundary}\r\nContent-Disposition: form-data; ${about}\r\n${more}\r\n`
  const texts = Object.entries(fields).map(([key, value]) => `${part(`name="${quotable(key)}"`)}${value}\r\n`)
  const head = part(`name="${quotable(field)}"; filename="${quotable(name)}"`, `Content-Type: ${type}\r\n`)
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(texts.join('') + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** As browsers write names in forms. */
const quotable = (text: string): string => text.replace(/[\r\n"]/g, encodeURIComponent)
