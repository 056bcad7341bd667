import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../model/index.ts'
import {
  autoCsvFormat,
  csvFormat,
  type Format,
  globFile,
  type HttpRequest,
  httpFile,
  isPattern,
  jsonFormat,
  jsonlFormat,
  type Location,
  localFile,
  s3File,
  sftpFile,
  unpacked,
  xlsxFormat,
} from '../sources/index.ts'
import { type FileSettings, reveal } from './settings/index.ts'

/** What a source needs of the world around it. */
export interface Surroundings {
  /** The folder that relative paths start at. */
  readonly dir: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly request: HttpRequest
}

/** Where the bytes of a source are; secrets are looked up when it is opened. */
export const locationOf = (settings: FileSettings, around: Surroundings): Location => {
  const { entry, type } = settings
  return unpacked(bareLocation(settings, around), { entry, isZip: type === 'xlsx' })
}

const bareLocation = (settings: FileSettings, { dir, clock, signal, request }: Surroundings): Location => {
  const { path, pick } = settings
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
    return isPattern(basename(path)) ? globFile(path, dir, pick) : localFile(path, dir)
  }
  const url = new URL(path)
  if (url.protocol === 'sftp:') return sftpOf(settings, url, clock)
  if (url.protocol === 's3:') return s3Of(settings, url)
  const headers = () =>
    Object.fromEntries(Object.entries(settings.headers ?? {}).map(([key, one]) => [key, reveal(one)]))
  return httpFile({ url: path, headers, request, clock, signal })
}

/** A path is absolute, as in the address; `/~/` begins at the user's own folder. */
const sftpOf = ({ password, privateKey, hostKey }: FileSettings, url: URL, clock: Clock): Location =>
  sftpFile({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 22 : Number(url.port),
    user: decodeURIComponent(url.username),
    path: decodeURIComponent(url.pathname).replace(/^\/~\//, ''),
    hostKey,
    login: () => ({
      ...(password ? { password: reveal(password) } : {}),
      // A key ends with a line ending, which a secret from a file has lost.
      ...(privateKey ? { privateKey: `${reveal(privateKey)}\n` } : {}),
    }),
    clock,
  })

const s3Of = ({ endpoint, region, accessKeyId, secretAccessKey }: FileSettings, url: URL): Location =>
  s3File({
    bucket: url.hostname,
    key: decodeURIComponent(url.pathname.slice(1)),
    endpoint,
    region,
    login: () =>
      accessKeyId && secretAccessKey
        ? { accessKeyId: reveal(accessKeyId), secretAccessKey: reveal(secretAccessKey) }
        : undefined,
  })

/** What the bytes of a source mean. */
export const formatOf = (settings: FileSettings): Format => {
  switch (settings.type) {
    case 'csv':
    case 'tsv': {
      const { encoding, ...options } = { delimiter: '\t', ...settings }
      if (encoding === 'auto' || options.delimiter === 'auto')
        return autoCsvFormat({ ...options, ...(encoding ? { encoding } : {}) })
      return csvFormat({ ...options, ...(encoding ? { encoding } : {}) })
    }
    case 'xlsx':
      return xlsxFormat(settings)
    case 'json':
      return jsonFormat(settings)
    case 'jsonl':
      return jsonlFormat(settings)
  }
}

/** What a copy of a source's file is called. */
export const copyName = ({ path }: FileSettings): string => basename(path).replace(/[^\w.-]/g, '_')

/** Puts the bytes of a source, unpacked, into a folder. */
export const copyFile = async (settings: FileSettings, folder: string, around: Surroundings): Promise<void> => {
  const reading = await locationOf(settings, around).open()
  try {
    const copy = await open(join(folder, copyName(settings)), 'wx', 0o600)
    try {
      for await (const chunk of reading.bytes) await copy.write(chunk)
    } finally {
      await copy.close()
    }
    await reading.finish()
  } finally {
    await reading.close()
  }
}
