/** A place where the official files say one thing, and guides or captured answers another. */
export interface Exception {
  readonly on: 'request' | 'answer'
  /** `GET /v3/catalog/products`; of an answer with the status behind it. */
  readonly operation: RegExp
  readonly complaint: RegExp
  /** Which is right and who says so, a section of docs/bigcommerce.md. */
  readonly why: string
}

/** All of them. One that nothing needs any more fails the contract test, so the table stays true. */
export const EXCEPTIONS: readonly Exception[] = []
