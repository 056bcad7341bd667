import { isoTime, type Part, type SentPart, unversioned, webVersion } from '../model/index.ts'
import type { WebPictures } from '../sources/index.ts'
import type { Context, StoreSide } from './context.ts'

type Looking = Pick<StoreSide, 'mirror' | 'web'>

/**
 * Parts whose addresses of the web say what lies behind them now, or why nobody can tell.
 * What was seen is remembered at once: it is a fact of the web, whatever becomes of the plan.
 */
export const looksBehind =
  ({ clock }: Pick<Context, 'clock'>, side: Looking) =>
  async ({ sent }: SentPart, parts: readonly Part[]): Promise<readonly Part[]> => {
    const addressOf = ({ key }: Part): string => String(key[sent.from])
    const addresses = new Set(parts.map(addressOf).filter(isWeb).map(unversioned))
    const looks = new Map(
      await Promise.all([...addresses].map(async (address) => [address, await lookAt(side, address)] as const)),
    )
    const at = isoTime(clock.now())
    side.mirror.saveLooks(
      [...looks].flatMap(([address, found]) => ('reason' in found ? [] : [{ ...found, address, at }])),
    )
    return parts.map((part) => {
      const address = addressOf(part)
      const found = looks.get(unversioned(address))
      if (!found) return part
      if ('reason' in found) return { ...part, fault: { value: address, reason: found.reason } }
      const version = { [sent.from]: webVersion(address, found.sha256) }
      return { ...part, key: version, values: { ...part.values, ...version } }
    })
  }

/** What lies behind an address now; the server is asked for it only where it is another than before. */
export const lookAt = ({ mirror, web }: Looking, address: string): ReturnType<WebPictures['look']> =>
  web.look(address, mirror.look(address) ?? undefined)

const isWeb = (address: string): boolean => /^https?:\/\/[^/]+\/./i.test(address)
