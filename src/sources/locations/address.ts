import { BlockList, isIP } from 'node:net'

/**
 * Whether an IP address belongs to the world: not this machine, a private or local network, a provider's inside, a group, or one of
 * those in the dress of IPv6.
 */
export const isPublicAddress = (address: string): boolean => {
  const version = isIP(address)
  return version !== 0 && !INSIDE.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/**
 * Whether a host's name itself says that it is inside: this machine, a private address, a bare name, or one of the names that no
 * public server has. Who writes such a name means it.
 */
export const isInsideHost = (hostname: string): boolean => {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (isIP(host)) return !isPublicAddress(host)
  return !host.includes('.') || /\.(?:localhost|local|internal|lan|home\.arpa|test)$/.test(host)
}

/** It holds an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) against the IPv4 networks. */
const INSIDE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  // The unspecified address, loopback, and IPv4 in its older dress; NAT64 and 6to4 lead to IPv4 addresses.
  ['::', 96],
  ['64:ff9b::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv6')
}
