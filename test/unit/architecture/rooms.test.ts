import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/resources/index.ts'

const { mayImport } = createRequire(import.meta.url)('../../../tools/rooms.cjs') as {
  mayImport: Record<string, string[]>
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

describe('the rooms', () => {
  it('are exactly those of the table', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((one) => one.isDirectory())
    expect(rooms.map(({ name }) => name).sort()).toEqual(Object.keys(mayImport).sort())
  })

  it('know a resource by its definition only', () => {
    const names = [...catalog.resources.keys(), ...catalog.derived.keys()].filter(
      (name) => name !== 'store_information',
    )
    const quoted = new RegExp(`'(${names.join('|')})'`)
    const offenders = ['store', 'mirror', 'diff', 'engine'].flatMap((room) =>
      filesIn(join('src', room)).filter((file) => quoted.test(readFileSync(file, 'utf8'))),
    )
    expect(offenders).toEqual([])
  })

  it('take time and chance from their callers', () => {
    const fromTheAir = /Date\.now\(|new Date\(\)|Math\.random|(?<!\.)set(Timeout|Interval)\(|performance\.now/
    const faces = ['app', 'daemon', 'cli']
    const offenders = Object.keys(mayImport)
      .filter((room) => !faces.includes(room))
      .flatMap((room) => filesIn(join('src', room)))
      .filter((file) => fromTheAir.test(readFileSync(file, 'utf8')))
    expect(offenders).toEqual([])
  })
})
