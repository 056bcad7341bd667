import { expect, it } from 'vitest'
import { optionalPackage } from '../../../src/sources/optional-package.ts'

it('a package that is not installed is a fault of use that says how to install it', async () => {
  const missing = 'skiff-has-no-such-package'
  await expect(optionalPackage(missing, 'sources at x://', () => import(missing))).rejects.toMatchObject({
    code: 'usage',
    message: 'sources at x:// need the package skiff-has-no-such-package',
    hint: 'npm install skiff-has-no-such-package',
  })
})
