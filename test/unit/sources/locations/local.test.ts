import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, SourceItem } from '../../../../src/model/index.ts'
import { csvFormat } from '../../../../src/sources/csv-format.ts'
import { fileSource } from '../../../../src/sources/file-source.ts'
import { storedZip } from '../../../../src/sources/formats/stored-zip.ts'
import { localFile } from '../../../../src/sources/local-file.ts'
import { globFile } from '../../../../src/sources/locations/glob-file.ts'
import { type UnpackOptions, unpacked } from '../../../../src/sources/locations/unpacked.ts'
import { feed, memory } from '../reading.ts'
import { readAll } from './support.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-files-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const write = (name: string, text: string, seconds: number) => {
  writeFileSync(join(dir, name), text)
  utimesSync(join(dir, name), seconds, seconds)
}

describe('a pattern of files', () => {
  beforeEach(() => {
    mkdirSync(join(dir, 'feeds'))
    mkdirSync(join(dir, 'feeds', 'x.csv'))
    write('feeds/erp-1.csv', 'one', 300)
    write('feeds/erp-2.csv', 'two', 500)
    write('feeds/erp-10.csv', 'ten', 100)
    write('feeds/other.txt', 'no', 900)
    write('feeds/.erp-3.csv', 'hidden', 900)
  })

  it('picks the newest by the time of its last change, and says which', async () => {
    expect(await readAll(globFile('feeds/*.csv', dir, 'newest'))).toEqual({
      text: 'two',
      modified: '1970-01-01T00:08:20Z',
      origin: 'feeds/erp-2.csv',
    })
    write('feeds/erp-1.csv', 'newer', 800)
    expect(await readAll(globFile('feeds/*.csv', dir, 'newest'))).toMatchObject({ origin: 'feeds/erp-1.csv' })
  })

  it('is refused when several fit and none is meant, and when none fits', async () => {
    expect(await readAll(globFile('feeds/erp-?.csv', dir, undefined))).toBe(
      'refused: 2 files fit feeds/erp-?.csv: erp-1.csv, erp-2.csv (write the name so that one fits, or set "pick": "newest")',
    )
    expect(await readAll(globFile('feeds/erp-1?.csv', dir, undefined))).toMatchObject({ text: 'ten' })
    expect(await readAll(globFile('feeds/erp-[0-9].csv*', dir, 'newest'))).toContain('no file fits')
    expect(await readAll(globFile('nowhere/*.csv', dir, 'newest'))).toContain(
      'the folder of nowhere/*.csv cannot be read',
    )
  })

  it('writes back into the file that was read, not into one that came since', async () => {
    const location = globFile('feeds/*.csv', dir, 'newest')
    await readAll(location)
    write('feeds/erp-9.csv', 'two', 900)
    await location.replace?.(Buffer.from('two'), Buffer.from('2'))
    expect(readFileSync(join(dir, 'feeds/erp-2.csv'), 'utf8')).toBe('2')
    expect(readFileSync(join(dir, 'feeds/erp-9.csv'), 'utf8')).toBe('two')
  })
})

describe('a packed file', () => {
  const CSV = 'SKU,Price\nA1,1.50\n'
  const read = (bytes: Uint8Array, options: UnpackOptions = {}, piece?: number) =>
    readAll(unpacked(memory(bytes, piece), options))

  it('is unpacked by its first bytes, whatever its name, and a plain one is left as it is', async () => {
    for (const piece of [1, 3, 65536]) {
      expect(await read(gzipSync(CSV), {}, piece)).toMatchObject({ text: CSV })
      expect(await read(Buffer.from(CSV), {}, piece)).toMatchObject({ text: CSV, modified: '2026-03-01T00:00:00Z' })
      expect(await read(Buffer.from('ab'), {}, piece)).toMatchObject({ text: 'ab' })
    }
  })

  it('is read out of a zip by the name of its file, which must be given when there are several', async () => {
    const one = storedZip(new Map([['out/erp.csv', Buffer.from(CSV)]]))
    expect(await read(one)).toMatchObject({ text: CSV, origin: 'feed.csv: out/erp.csv' })
    const two = storedZip(
      new Map([
        ['a.csv', Buffer.from('a')],
        ['b.csv', Buffer.from(CSV)],
      ]),
    )
    expect(await read(two, { entry: 'b.csv' })).toMatchObject({ text: CSV })
    expect(await read(two)).toContain('is a zip that holds 2 files (set "entry" to one of "a.csv", "b.csv")')
    expect(await read(two, { entry: 'c.csv' })).toContain('is a zip that holds no file "c.csv"')
    expect(await read(Buffer.from(CSV), { entry: 'a.csv' })).toContain('is no zip')
  })

  it('D10: is refused when it is cut anywhere', async () => {
    const packed = gzipSync('SKU,Price\nA1,1.50\nA2,1.60\n'.repeat(3))
    for (let end = 2; end < packed.length; end += 1) {
      expect(await read(packed.subarray(0, end)), String(end)).toContain('is cut: its gzip data ends too early')
    }
    const zip = storedZip(new Map([['a.csv', Buffer.from(CSV)]]))
    for (let end = 4; end < zip.length; end += 1) expect(await read(zip.subarray(0, end))).toContain('is no sound zip')
  })

  it('is refused when its bytes are damaged', async () => {
    const packed = gzipSync(CSV)
    packed[20] = (packed[20] ?? 0) ^ 0xff
    expect(await read(packed)).toContain('refused: ')
    const zip = storedZip(new Map([['a.csv', Buffer.from(CSV)]]))
    zip[40] = (zip[40] ?? 0) ^ 1
    expect(await read(zip)).toContain('the checksum of a.csv is wrong')
  })

  it('S22: is refused when more comes out of it than text ever makes', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
    const inflation = { most: 1e9, ratio: 100, free: 1024 * 1024 }
    expect(await read(bomb, { inflation })).toContain('unpacks to more than 100 times its size')
    expect(await read(bomb, { inflation: { most: 1024 * 1024, ratio: 1e9, free: 0 } })).toContain(
      'unpacks to more than 1 MB',
    )
  })

  it('is never written back, and the refusal says so', async () => {
    const location = unpacked({ ...memory(gzipSync(CSV)), replace: async () => undefined })
    await readAll(location)
    await expect(location.replace?.(Buffer.from(CSV), Buffer.from('x'))).rejects.toMatchObject({
      message: 'feed.csv is packed, and packed files are only read',
    })
  })
})

describe('a file that another program is still writing', () => {
  const WHOLE = 'SKU,Price,Stock\nA1,1,120\nA2,2,5\n'

  /** Time that only passes by waiting; `at` happens in the given second. */
  const clockWith = (at: Readonly<Record<number, () => void>>): Clock => {
    let now = 0
    return {
      now: () => now,
      elapsed: () => now,
      sleep: async (ms) => {
        for (let end = now + ms; now < end; ) {
          now += 1000
          at[now / 1000]?.()
        }
      },
    }
  }

  const read = async (seconds: number, at: Readonly<Record<number, () => void>>): Promise<unknown> => {
    const location = localFile('erp.csv', dir)
    const clock = clockWith(at)
    const source = fileSource({
      name: 'erp',
      location,
      format: csvFormat({}),
      mapping: feed,
      patience: { seconds, clock },
    })
    const items: SourceItem[] = []
    try {
      for await (const batch of source.read()) items.push(...batch)
    } catch (error) {
      return `${error instanceof Error ? error.message : error} after ${clock.elapsed() / 1000} s`
    }
    return `${items.length} rows after ${clock.elapsed() / 1000} s`
  }

  it('D10: is waited for while its size moves', async () => {
    write('erp.csv', 'SKU,Price,Stock\nA1,1,120\n', 100)
    const grow = (length: number) => () => write('erp.csv', WHOLE.slice(0, length), 100 + length)
    expect(await read(30, { 1: grow(27), 3: grow(29), 5: grow(WHOLE.length) })).toBe('2 rows after 7 s')
  })

  it('D10: is waited for while its end is missing, and refused when the time is over', async () => {
    write('erp.csv', WHOLE.slice(0, -2), 100)
    expect(await read(30, { 4: () => write('erp.csv', WHOLE, 200) })).toBe('2 rows after 5 s')
    write('erp.csv', WHOLE.slice(0, -1), 100)
    expect(await read(5, {})).toBe('erp.csv may be cut: its last line 3 has no line ending after 5 s')
    let size = 100
    const move = () => {
      size += 1
      write('erp.csv', WHOLE, size)
    }
    expect(await read(3, Object.fromEntries(Array.from({ length: 20 }, (_, second) => [second, move])))).toBe(
      'erp.csv is still being written after 3 s',
    )
  })

  it('does not wait for one that is refused for another reason', async () => {
    write('erp.csv', 'SKU,Price\nA1,1\n', 100)
    expect(await read(30, {})).toMatch(/has no column "Stock".* after 1 s$/)
  })
})
