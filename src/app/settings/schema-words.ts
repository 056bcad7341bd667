import { z } from 'zod'
import { SECRET_REFERENCE } from './secret-reference.ts'

/** Kinds of value that many sections have. */

export const text = z.string().min(1, 'must not be empty.')

export const secret = z
  .string()
  .regex(
    SECRET_REFERENCE,
    'must say where the secret is, not what it is: "env:NAME" for an environment variable or a line of .env, or "file:PATH". A secret that was written here should be replaced.',
  )
  .describe('Where the secret is: "env:NAME" or "file:PATH".')
