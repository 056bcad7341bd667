import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/model/index.ts'
import { loadDriver } from '../../../src/sources/databases/driver.ts'

describe('a driver that only some need', () => {
  it('is asked for by the command that installs it', async () => {
    const name = 'skiff-no-such-driver'
    const missing = loadDriver(name, () => import(name))
    await expect(missing).rejects.toThrow(UsageError)
    await expect(missing).rejects.toMatchObject({ hint: `npm install ${name}` })
  })

  it('is not hidden when it fails for another reason', async () => {
    await expect(loadDriver('x', () => Promise.reject(new Error('native module')))).rejects.toThrow('native module')
  })
})
