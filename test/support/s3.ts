import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'
import { serveHttp } from './http.ts'

export interface S3Store {
  readonly origin: string
  /** Puts an object into the bucket `feeds`, as another program would. */
  write(key: string, text: string): Promise<unknown>
  read(key: string): Promise<string>
  facts(key: string): Promise<{ readonly type: string | undefined; readonly metadata: object | undefined }>
  close(): Promise<void>
}

/** Answers a request itself, or leaves it to the store. */
export type Door = (request: IncomingMessage, response: ServerResponse) => boolean

/** A store of this machine that speaks S3, with the bucket `feeds`; the user is S3RVER, and so is the secret. */
export const startS3 = async (door: Door = () => false): Promise<S3Store> => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-s3-'))
  const store = new S3rver({ directory: dir, silent: true, configureBuckets: [{ name: 'feeds', configs: [] }] })
  await store.configureBuckets()
  const answer = store.callback()
  const server = await serveHttp((request, response) => {
    if (!door(request, response)) answer(request, response)
  })
  const client = new S3Client({
    endpoint: server.origin,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  const get = (key: string) => client.send(new GetObjectCommand({ Bucket: 'feeds', Key: key }))
  return {
    origin: server.origin,
    write: (key, text) =>
      client.send(
        new PutObjectCommand({
          Bucket: 'feeds',
          Key: key,
          Body: text,
          ContentType: 'text/csv',
          Metadata: { by: 'erp' },
        }),
      ),
    read: async (key) => (await (await get(key)).Body?.transformToString()) ?? '',
    facts: async (key) => {
      const { ContentType, Metadata } = await get(key)
      return { type: ContentType, metadata: Metadata }
    },
    close: async () => {
      client.destroy()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
