import { basename, dirname, resolve } from 'node:path'
import { isInsideHost } from '../../sources/index.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'

import type { Secret } from './secret.ts'
import { secretOf } from './secret-reference.ts'
import type { RawFileSource } from './source-files.ts'
import type { FileSettings } from './types.ts'

/** A source that is a file, with its path absolute where it is one of this machine; its faults are added to the reading. */
export const readFileSource = (reading: Reading, name: string, raw: RawFileSource): FileSettings => {
  const path = ['sources', name]
  const scheme = SCHEME.exec(raw.path)?.[1]?.toLowerCase()
  if (scheme === undefined) checkPattern(reading, path, raw)
  else checkAddress(reading, path, raw, scheme)
  if (raw.type === 'xlsx' && raw.entry !== undefined) {
    reading.add([...path, 'entry'], 'is for files in a zip; of a workbook, name the "sheet".')
  }
  refuseForeignKeys(reading, path, raw, scheme)
  const secret = (key: string, reference: string): Secret =>
    secretOf(reference, `${reading.file}, sources.${name}.${key}`, reading.dir, reading.env)
  const { headers, password, privateKey, accessKeyId, secretAccessKey, ...rest } = raw
  const secrets = Object.entries({ password, privateKey, accessKeyId, secretAccessKey }).flatMap(([key, reference]) =>
    reference === undefined ? [] : [[key, secret(key, reference)]],
  )
  return {
    ...rest,
    ...Object.fromEntries(secrets),
    ...(headers ? { headers: mapped(headers, (key, reference) => secret(`headers.${key}`, reference)) } : {}),
    name,
    path: scheme === undefined ? resolve(reading.dir, raw.path) : raw.path,
  }
}

/** Two letters at least: one is a drive of Windows. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i

const checkPattern = (reading: Reading, path: Path, raw: RawFileSource): void => {
  const isPattern = /[*?]/.test(raw.path)
  if (/[*?]/.test(dirname(raw.path))) {
    reading.add([...path, 'path'], 'may have * and ? in the name of the file only, not in its folders.')
  }
  if (raw.pick !== undefined && !isPattern) {
    reading.add(
      [...path, 'pick'],
      `is for a pattern such as "${basename(raw.path).replace(/^[^.]*/, '*')}"; leave it out.`,
    )
  }
}

const checkAddress = (reading: Reading, path: Path, raw: RawFileSource, scheme: string): void => {
  const add = (text: string) => reading.add([...path, 'path'], text)
  if (!(scheme in KEYS)) {
    add(`begins with ${scheme}://, which is not read; use https://, sftp:// or s3://, or a file of this machine.`)
    return
  }
  if (!URL.canParse(raw.path)) {
    add('is no address.')
    return
  }
  const { hostname, password, username, pathname } = new URL(raw.path)
  if (password !== '') add('must not hold a password; replace it, and set "password" to where the new one is.')
  if (scheme === 'http' && !isInsideHost(hostname)) {
    add('must begin with https://: what comes over http:// may have been changed on the way.')
  }
  if (scheme === 'sftp' && username === '') add('must name the user: "sftp://user@host/path".')
  if (scheme === 's3' && pathname.length < 2) add('must be "s3://bucket/key".')
  if (scheme.startsWith('http') && raw.write) {
    reading.add([...path, 'write'], 'is not for addresses: nothing can be written to them. Leave it out.')
  }
  if (raw.pick !== undefined) reading.add([...path, 'pick'], 'is for patterns of files of this machine; leave it out.')
  if (scheme === 'sftp' && raw.password === undefined && raw.privateKey === undefined) {
    reading.add(path, 'needs "password" or "privateKey" for the log-in.', 'key')
  }
  if (raw.endpoint?.startsWith('http:') && !isInsideHost(new URL(raw.endpoint).hostname)) {
    reading.add([...path, 'endpoint'], 'must begin with https://, or be on this machine or in a private network.')
  }
  if (scheme === 's3' && (raw.accessKeyId === undefined) !== (raw.secretAccessKey === undefined)) {
    reading.add(path, 'needs both "accessKeyId" and "secretAccessKey", or neither, for what the machine has.', 'key')
  }
}

/** Keys of one kind of address, by its scheme. */
const KEYS: Readonly<Record<string, readonly (keyof RawFileSource)[]>> = {
  http: ['headers'],
  https: ['headers'],
  sftp: ['password', 'privateKey', 'hostKey'],
  s3: ['endpoint', 'region', 'accessKeyId', 'secretAccessKey'],
}

const refuseForeignKeys = (reading: Reading, path: Path, raw: RawFileSource, scheme: string | undefined): void => {
  const own = KEYS[scheme ?? ''] ?? []
  for (const [of, keys] of Object.entries(KEYS)) {
    for (const key of of === 'http' ? [] : keys) {
      if (raw[key] === undefined || own.includes(key)) continue
      reading.add([...path, key], `is for a path that begins with ${of}://.`, 'key')
    }
  }
}

const mapped = <T>(
  record: Readonly<Record<string, string>>,
  to: (key: string, value: string) => T,
): Record<string, T> => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(key, value)]))
