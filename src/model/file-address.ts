/** A file below the folder of the configuration, as it stands where another thing has the address that it was taken from. */
export interface FileAddress {
  /** With `/` between folders. */
  readonly path: string
  /** Hash of what it holds, in hex. */
  readonly sha256: string
}

/** `file:photos/front.jpg#HASH`, without a hash where nothing is known of what it holds: other bytes are another version of the same path, as another query is of an address of the web. */
export const fileAddress = (path: string, sha256: string): string =>
  `file:${path.replace(/[%#?]/g, encodeURIComponent)}#${sha256}`

/** What such an address says; undefined for any other. */
export const fileOf = (address: string): FileAddress | undefined => {
  const [, path, sha256] = /^file:([^/#?][^#?]*)#([0-9a-f]{64})$/.exec(address) ?? []
  return path === undefined || sha256 === undefined ? undefined : { path: decodeURIComponent(path), sha256 }
}
