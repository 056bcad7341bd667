import type { Lineage } from '../mirror/index.ts'
import { BlockedError, type Resource, UnexpectedAnswerError } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

/** Why the store that answers is not the one this mirror belongs to; null when it is, or when the mirror is new. */
export const strangerReason = (known: Lineage | null, met: Lineage): string | null => {
  if (!known) return null
  if (known.hash !== met.hash) return `the mirror belongs to store ${known.hash}, ${met.hash} answers`
  if (known.currency !== met.currency) return `the store's currency was ${known.currency} and is ${met.currency} now`
  return known.domain === met.domain ? null : `the mirror belongs to ${known.domain}, ${met.domain} answers`
}

/** Asks the store who it is. One request. */
export const meetStore = async (context: Context, side: StoreSide): Promise<Lineage> => {
  const resource = identityResource(context)
  const body = (await side.store.get(resource.api.list?.path ?? '', 'check')) as Record<string, unknown> | null
  if (!body || typeof body['domain'] !== 'string' || typeof body['currency'] !== 'string') {
    throw new UnexpectedAnswerError('the store did not say who it is', { where: resource.api.list?.path })
  }
  return { hash: side.hash, domain: body['domain'], currency: body['currency'] }
}

/** @throws {BlockedError} when another store than the mirror's answers. */
export const linkStore = async (context: Context, side: StoreSide, at: string): Promise<Lineage> => {
  const met = await meetStore(context, side)
  const reason = strangerReason(side.mirror.lineage(), met)
  if (reason) {
    throw new BlockedError(`storeIdentity: ${reason}`, {
      where: side.mirror.path,
      hint: 'use another mirror file for another store ("mirror" in the store’s config)',
    })
  }
  if (!side.mirror.lineage()) side.mirror.link(met, at)
  return met
}

export const lineageText = ({ hash, domain, currency }: Lineage): string => `${hash} ${domain} ${currency}`

/** The resource that is the store itself: the one with a single row. */
const identityResource = ({ catalog }: Context): Resource => {
  for (const resource of catalog.resources.values()) if (resource.api.list?.paging === 'single') return resource
  throw new UnexpectedAnswerError('no resource describes the store itself')
}
