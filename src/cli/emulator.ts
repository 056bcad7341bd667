import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createEmulator, type Fault, parseFaults, serve, systemClock } from '../app/index.ts'
import { EXIT, type Exit, UsageError } from '../model/index.ts'
import { catalog } from '../resources/index.ts'
import type { Face } from './face.ts'

export interface EmulatorArgs {
  readonly port: number
  readonly seed: number
  readonly products: number
  readonly orders: number | undefined
  readonly customers: number | undefined
  readonly plan: 'standard' | 'pro' | 'unlimited'
  readonly oddSkus: boolean
  readonly faults: string | undefined
}

/** Serves until a signal comes, which is its proper end. */
export const run = async (args: EmulatorArgs, face: Face): Promise<Exit> => {
  const { store } = face.common
  const emulator = createEmulator({
    catalog,
    clock: systemClock,
    seed: args.seed,
    products: args.products,
    plan: args.plan,
    oddSkus: args.oddSkus,
    ...(args.orders === undefined ? {} : { orders: args.orders }),
    ...(args.customers === undefined ? {} : { customers: args.customers }),
    ...(store === undefined ? {} : { storeHash: store }),
    ...(args.faults === undefined ? {} : { faults: faultsIn(resolve(face.io.cwd, args.faults)) }),
  })
  const server = await serve(emulator, { port: args.port })
  const { storeHash, accessToken } = emulator
  if (face.common.json) face.print(JSON.stringify({ url: server.url, storeHash, accessToken }))
  else face.print(guide(server.url, storeHash, accessToken))
  await stopped(face.io.signal)
  await server.close()
  return EXIT.done
}

const guide = (url: string, storeHash: string, accessToken: string): string =>
  `An emulated store listens at ${url}. In the configuration:

  "stores": { "practice": { "hash": "${storeHash}", "accessToken": "env:EMULATOR_TOKEN", "api": "${url}" } }

and in .env: EMULATOR_TOKEN=${accessToken}
Ctrl-C ends it.`

const faultsIn = (file: string): Fault[] => parseFaults(readJson(file), file)

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new UsageError(`the file of faults ${reason}`, { where: file, cause })
  }
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
