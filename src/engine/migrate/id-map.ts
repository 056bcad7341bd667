import type { Mirror } from '../../mirror/index.ts'
import { type Catalog, keyText, type Link, stableJson, type Value, type Values } from '../../model/index.ts'

/** How a row came to stand for another one: it was made for it, alone or inside another row. */
export const CREATED = 'created'

/** Which rows of the new store stand for which of the old one; what is added is durable at once. */
export class IdMap {
  readonly #mirror: Mirror
  readonly #source: string
  readonly #catalog: Catalog
  readonly #books = new Map<string, Book>()

  /** @param source Hash of the old store. */
  constructor(mirror: Mirror, source: string, catalog: Catalog) {
    this.#mirror = mirror
    this.#catalog = catalog
    this.#source = source
  }

  /** Key of the row that stands for one, by that one's `keyText`. */
  get(resource: string, from: string): Values | undefined {
    return this.#book(resource).to.get(from)
  }

  /** The same as long as that row is there: nothing can refer to one that was taken out. */
  standing(resource: string, from: string): Values | undefined {
    const { to, gone } = this.#book(resource)
    return gone.has(from) ? undefined : to.get(from)
  }

  /** The same for resources with one key field. */
  standsFor(resource: string, key: Value): Value | undefined {
    const to = this.standing(resource, keyText({ key }))
    return to && Object.values(to)[0]
  }

  /** Whether the row that stands for one was made for it. */
  isCreated(resource: string, from: string): boolean {
    return this.#book(resource).created.has(from)
  }

  /** The same by one run. */
  isCreatedBy(run: string, resource: string, from: string): boolean {
    return this.#book(resource).created.get(from) === run
  }

  /** Every row that something stands for, with what does. */
  all(resource: string): Iterable<readonly [string, Values]> {
    return this.#book(resource).to
  }

  /** Whether a row stands for another one already. */
  isTaken(resource: string, to: Values): boolean {
    return this.#book(resource).taken.has(stableJson(to))
  }

  add(resource: string, links: readonly Link[], by: { readonly run: string; readonly at: string }): void {
    if (!links.length) return
    this.#mirror.saveLinks(this.#source, resource, links, by)
    this.pretend(resource, links, by)
  }

  /** Takes rows for standing for others without noting it, to see what would come of it. */
  pretend(resource: string, links: readonly Link[], { run }: { readonly run: string }): void {
    const { to: known, taken, created } = this.#book(resource)
    for (const { from, to, how } of links) {
      known.set(from, to)
      taken.add(stableJson(to))
      if (how === CREATED) created.set(from, run)
    }
  }

  #book(resource: string): Book {
    const known = this.#books.get(resource)
    if (known) return known
    const links = this.#mirror.links(this.#source, resource)
    const facts = this.#catalog.resources.get(resource)
    const isThere = (to: Values): boolean => !facts || this.#mirror.row(facts, to) !== undefined
    const book = {
      to: new Map(links.map(({ from, to }) => [from, to])),
      taken: new Set(links.map(({ to }) => stableJson(to))),
      created: new Map(links.flatMap(({ from, how, run }) => (how === CREATED ? [[from, run] as const] : []))),
      gone: new Set(links.flatMap(({ from, to }) => (isThere(to) ? [] : [from]))),
    }
    this.#books.set(resource, book)
    return book
  }
}

interface Book {
  readonly to: Map<string, Values>
  readonly taken: Set<string>
  /** Of rows that were made: the run that made them, or noted it. */
  readonly created: Map<string, string>
  /** Rows of the old store whose own was taken out of the new one. */
  readonly gone: ReadonlySet<string>
}
