/** The storefront path that the server makes of a name: `/harbour-canvas-tote/`. */
export const catalogPath = (name: string): string =>
  `/${name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')}/`
