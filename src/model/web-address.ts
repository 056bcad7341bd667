/** An address of the web, and what lay behind it. */
export interface WebVersion {
  readonly address: string
  /** Hash of the bytes, in hex. */
  readonly sha256: string
}

/** `https://cdn.example.com/front.jpg#HASH`. What stands behind a `#` never reaches a server, so it is still the same address. */
export const webVersion = (address: string, sha256: string): string => `${unversioned(address)}#${sha256}`

/** What such an address says; undefined for one of the web that says nothing of what lies behind it, and for any other. */
export const webVersionOf = (address: string): WebVersion | undefined => {
  const [, bare, sha256] = /^(https?:[^#]+)#([0-9a-f]{64})$/i.exec(address) ?? []
  return bare === undefined || sha256 === undefined ? undefined : { address: bare, sha256 }
}

/** The address without what it says of what lies behind it. */
export const unversioned = (address: string): string => address.replace(/#.*$/s, '')
