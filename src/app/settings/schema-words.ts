import * as z from 'zod'
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

/** A length of time in milliseconds. */
export const age = z
  .string()
  .regex(/^\d+(min|h|d)$/, 'must be a time such as "15min", "23h" or "1d".')
  .transform((text) => ageMs(text))

const ageMs = (age: string): { readonly ms: number } => {
  const unit = age.endsWith('min') ? 60_000 : age.endsWith('h') ? 3_600_000 : 86_400_000
  return { ms: Number.parseInt(age, 10) * unit }
}
