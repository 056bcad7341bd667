import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fetch } from '../src/store/index.ts'

/** What a store answered, kept on disk, so that neither side of a comparison pays for making it. */
interface Recorded {
  /** Path and query of the request. */
  readonly target: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** A `fetch` that keeps every answer; `save` writes them into the folder. */
export const recorder = (inner: Fetch, folder: string): { readonly fetch: Fetch; save(): void } => {
  mkdirSync(folder, { recursive: true })
  const answers: Recorded[] = []
  return {
    fetch: async (url, init) => {
      const response = (await inner(url, init)) as unknown as Response
      const body = await response.arrayBuffer()
      writeFileSync(bodyFile(folder, answers.length), new Uint8Array(body))
      answers.push({ target: targetOf(url), status: response.status, headers: Object.fromEntries(response.headers) })
      return { status: response.status, headers: response.headers, arrayBuffer: async () => body }
    },
    save: () => writeFileSync(join(folder, INDEX), JSON.stringify(answers)),
  }
}

/** A `fetch` that gives the answers of a recording. */
export const replay = (folder: string): Fetch => {
  const answers = new Map(recorded(folder).map((answer, at) => [answer.target, { ...answer, at }]))
  return async (url) => {
    const answer = answers.get(targetOf(url))
    if (!answer) throw new Error(`the recording has no ${url}`)
    const body = readFileSync(bodyFile(folder, answer.at))
    return {
      status: answer.status,
      headers: { get: (name) => answer.headers[name.toLowerCase()] ?? null },
      arrayBuffer: async () => body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer,
    }
  }
}

/** Addresses of a recording whose path ends so, in the order in which they were asked for. */
export const recordedUrls = (folder: string, ending: string): readonly string[] =>
  recorded(folder)
    .map(({ target }) => new URL(target, 'http://127.0.0.1'))
    .filter(({ pathname }) => pathname.endsWith(ending))
    .map(String)

/** Answers of a recording to requests whose path ends so, as text. */
export const recordedAnswers = (folder: string, ending: string): readonly string[] =>
  recorded(folder).flatMap(({ target }, at) =>
    new URL(target, 'http://127.0.0.1').pathname.endsWith(ending) ? [readFileSync(bodyFile(folder, at), 'utf8')] : [],
  )

const INDEX = 'answers.json'

const recorded = (folder: string): readonly Recorded[] => JSON.parse(readFileSync(join(folder, INDEX), 'utf8'))

const bodyFile = (folder: string, at: number): string => join(folder, `${at}.json`)

const targetOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return pathname + search
}
