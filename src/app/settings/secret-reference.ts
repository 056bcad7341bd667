import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../model/index.ts'
import type { Environment } from './environment.ts'
import { Secret } from './secret.ts'

export const SECRET_REFERENCE = /^(env:[A-Za-z_]\w*|file:.+)$/

/**
 * The secret behind `env:NAME` or `file:PATH`. It is looked up when it is used, so work that needs no store needs no secret.
 */
export const secretOf = (reference: string, where: string, dir: string, env: Environment): Secret => {
  const name = reference.slice(reference.indexOf(':') + 1)
  return new Secret(() =>
    reference.startsWith('env:') ? fromEnvironment(name, where, env) : fromFile(name, where, dir),
  )
}

const fromEnvironment = (name: string, where: string, env: Environment): string => {
  const value = env[name]?.trim()
  if (value) return value
  throw new UsageError(`the environment variable ${name} is not set`, {
    where,
    hint: `Set ${name}, or write ${name}=... into .env beside the configuration.`,
  })
}

const fromFile = (path: string, where: string, dir: string): string => {
  const file = resolve(dir, path)
  const value = readSecret(file, where).trim()
  if (value) return value
  throw new UsageError(`the secret's file ${file} is empty`, {
    where,
    hint: 'Put the secret into it, and nothing else.',
  })
}

const readSecret = (file: string, where: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`the secret's file ${file} cannot be read`, {
      where,
      hint: 'Check that it exists and that this user may read it.',
      cause,
    })
  }
}
