import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shakyBecause, shakyPlace } from '../../../src/mirror/place.ts'
import { folder } from './fixture.ts'

const EXT4 = 0xef53
const TMPFS = 0x01021994

describe('where a mirror lies', () => {
  it.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['CIFS', 0xff534d42],
    // As a signed number of 32 bits, which some systems give.
    ['CIFS', 0xff534d42 | 0],
    ['FUSE', 0x65735546],
    ['9P', 0x01021997],
  ])('P18: is told to be unsafe on %s (%i)', (name, type) => {
    expect(shakyBecause('/data/main.db', type)).toContain(`network file system (${name})`)
  })

  it.each([EXT4, TMPFS, null])('is not spoken against on a disk of this machine (%s)', (type) => {
    expect(shakyBecause('/data/main.db', type)).toBeNull()
  })

  it.each(['/home/a/Dropbox/shop/main.db', 'C:\\Users\\a\\OneDrive\\main.db', '/Users/a/Dropbox (Shop)/main.db'])(
    'P18: is told to be unsafe where a program copies it: %s',
    (path) => {
      expect(shakyBecause(path, EXT4)).toMatch(/Dropbox|OneDrive/)
    },
  )

  it('is asked of the nearest folder that is there', () => {
    expect(shakyPlace(join(folder(), 'not', 'yet', 'main.db'))).toBeNull()
  })
})
