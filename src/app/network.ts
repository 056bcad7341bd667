import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import { type HttpRequest, isPublicAddress, refuseInside } from '../sources/index.ts'
import type { Fetch } from '../store/index.ts'

/** The network, through undici; loaded by the first request, because most commands make none. */
export const systemFetch: Fetch = async (url, init) => {
  const { fetch } = await import('undici')
  return (fetch as unknown as Fetch)(url, init)
}

/**
 * Requests for the files of sources. Every address that a name leads to is looked at as the connection is made, so a name cannot
 * lead elsewhere between a check and the connection.
 */
export const systemRequest: HttpRequest = async (url, { method, headers, signal, inside }) => {
  const { fetch, Agent } = await import('undici')
  const { hostname } = new URL(url)
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (!inside && isIP(literal) && !isPublicAddress(literal)) throw refuseInside(hostname, literal)
  agents[inside ? 'inside' : 'outside'] ??= new Agent(inside ? {} : { connect: { lookup: publicOnly } })
  const dispatcher = agents[inside ? 'inside' : 'outside'] as Agent
  const answer = await fetch(url, { method, headers, signal, redirect: 'manual', dispatcher })
  return {
    status: answer.status,
    headers: answer.headers,
    body: answer.body,
    discard: async () => {
      await answer.body?.cancel()
    },
  }
}

const agents: { inside?: Agent; outside?: Agent } = {}

const publicOnly: LookupFunction = (host, options, done) =>
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    const bad = addresses.find(({ address }) => !isPublicAddress(address))
    if (bad) return done(refuseInside(host, bad.address), [])
    return options.all ? done(null, addresses) : done(null, addresses[0]?.address ?? '', addresses[0]?.family)
  })
