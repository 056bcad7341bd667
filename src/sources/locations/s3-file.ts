import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { isoTime, SourceRefusedError, UsageError } from '../../model/index.ts'
import type { Location } from '../location.ts'
import { optionalPackage } from '../optional-package.ts'
import { UnfinishedError } from '../unfinished.ts'

export interface S3FileOptions {
  readonly bucket: string
  readonly key: string
  /** Address of a store that speaks S3; Amazon's own when absent. */
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  /** Undefined takes what the machine has: a role, a profile, the usual variables. */
  readonly login: () => { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
}

/**
 * An object in S3, or in a store that speaks as S3 does. One answer is one version of it. It is replaced only while its tag is still
 * that of the version which was read; the store itself checks that where it knows how to.
 */
export const s3File = (options: S3FileOptions): Location => {
  const origin = `s3://${options.bucket}/${options.key}`
  const place = { Bucket: options.bucket, Key: options.key }
  return {
    origin,
    look: () =>
      connected(options, origin, async ({ client, s3 }) => {
        const { ETag, LastModified } = await client.send(new s3.HeadObjectCommand(place))
        return `${ETag} ${LastModified?.toISOString()}`
      }),
    open: async () => {
      const { client, s3 } = await connect(options)
      try {
        const answer = await client.send(new s3.GetObjectCommand(place))
        return {
          bytes: body(answer, origin),
          finish: async () => (answer.LastModified ? isoTime(answer.LastModified.getTime()) : null),
          close: async () => client.destroy(),
        }
      } catch (cause) {
        client.destroy()
        throw complaint(cause, origin)
      }
    },
    replace: (before, after) =>
      connected(options, origin, async ({ client, s3 }) => {
        const now = await client.send(new s3.GetObjectCommand(place))
        const bytes = await now.Body?.transformToByteArray()
        if (now.ETag === undefined || !Buffer.from(bytes ?? []).equals(before)) throw overtaken(origin)
        await put(
          { client, s3 },
          { ...place, Body: after, ContentType: now.ContentType, Metadata: now.Metadata },
          now.ETag,
          origin,
        )
      }),
  }
}

interface Connection {
  readonly client: S3Client
  readonly s3: typeof import('@aws-sdk/client-s3')
}

const connected = async <T>(
  options: S3FileOptions,
  origin: string,
  use: (connection: Connection) => Promise<T>,
): Promise<T> => {
  const connection = await connect(options)
  try {
    return await use(connection)
  } catch (cause) {
    throw complaint(cause, origin)
  } finally {
    connection.client.destroy()
  }
}

const connect = async ({ endpoint, region, login }: S3FileOptions): Promise<Connection> => {
  const s3 = await optionalPackage('@aws-sdk/client-s3', 'sources at s3://', () => import('@aws-sdk/client-s3'))
  const credentials = login()
  const client = new s3.S3Client({
    ...(region === undefined && endpoint === undefined ? {} : { region: region ?? 'us-east-1' }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials ? { credentials } : {}),
    // Other stores than Amazon's do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { client, s3 }
}

async function* body({ Body, ContentLength }: GetObjectCommandOutput, origin: string): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length
      yield chunk
    }
  } catch (cause) {
    throw cut(origin, size, ContentLength, cause)
  }
  if (ContentLength !== undefined && size !== ContentLength) throw cut(origin, size, ContentLength)
}

type Put = ConstructorParameters<Connection['s3']['PutObjectCommand']>[0]

const put = async ({ client, s3 }: Connection, object: Put, tag: string, origin: string): Promise<void> => {
  try {
    await client.send(new s3.PutObjectCommand({ ...object, IfMatch: tag }))
  } catch (cause) {
    if (statusOf(cause) === 501) {
      // The store cannot check the tag itself, so it is looked at as late as possible.
      const { ETag } = await client.send(new s3.HeadObjectCommand({ Bucket: object.Bucket, Key: object.Key }))
      if (ETag !== tag) throw overtaken(origin)
      await client.send(new s3.PutObjectCommand(object))
    } else if (statusOf(cause) === 412 || statusOf(cause) === 409) {
      throw overtaken(origin, cause)
    } else throw cause
  }
}

const statusOf = (cause: unknown): number | undefined =>
  (cause as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode

const complaint = (cause: unknown, origin: string): Error => {
  if (cause instanceof SourceRefusedError || !(cause instanceof Error)) return cause as Error
  const known = COMPLAINTS[cause.name] ?? (statusOf(cause) === 403 ? COMPLAINTS['AccessDenied'] : undefined)
  const { what, hint } =
    known ?? (statusOf(cause) === 404 ? MISSING : { what: `cannot be read: ${cause.message}`, hint: '' })
  if (/region is missing/i.test(cause.message)) {
    return new UsageError(`${origin} needs a region`, {
      where: origin,
      hint: 'set "region", such as "eu-central-1"',
      cause,
    })
  }
  return new SourceRefusedError(`${origin} ${what}`, {
    where: origin,
    hint: hint || 'look at "endpoint" and "region"',
    cause,
  })
}

const MISSING = { what: 'does not exist', hint: 'a path is s3://BUCKET/KEY; upper and lower case differ' }
const LOGIN = { what: 'is refused by the store', hint: 'look at what "accessKeyId" and "secretAccessKey" refer to' }

const COMPLAINTS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  NoSuchKey: MISSING,
  NoSuchBucket: { what: 'names a bucket that does not exist', hint: MISSING.hint },
  AccessDenied: {
    what: 'may not be read or written',
    hint: 'the user needs s3:GetObject, and s3:PutObject to write back',
  },
  InvalidAccessKeyId: LOGIN,
  SignatureDoesNotMatch: LOGIN,
  CredentialsProviderError: {
    what: 'needs a log-in',
    hint: 'set "accessKeyId" and "secretAccessKey", or give the machine a role or profile',
  },
}

const cut = (origin: string, size: number, length: number | undefined, cause?: unknown): UnfinishedError =>
  new UnfinishedError(`${origin} is cut: ${size}${length === undefined ? '' : ` of ${length}`} bytes came`, {
    where: `${origin}, byte ${size}`,
    hint: 'run again; if it stays so, look at what lies between',
    cause,
  })

const overtaken = (origin: string, cause?: unknown): SourceRefusedError =>
  new SourceRefusedError(`${origin} changed since it was read, so nothing was written to it`, {
    where: origin,
    hint: 'run the sync again: it reads the new object',
    cause,
  })
