import type { Field } from './field.ts'
import type { Moves } from './moves.ts'
import type { Apart, Told } from './older.ts'
import type { Values } from './value.ts'

/**
 * A kind of thing in a store, described once as data. Table, parsing, comparison, requests, emulator storage, documentation
 * and types derive from it; no other place knows anything about the resource.
 */
export interface Resource {
  /** Table name, and the word people use in the config. */
  readonly name: string
  readonly about: string
  /** Fields that identify a row in the store. */
  readonly key: readonly string[]
  /** Fields that people may use to name a row from outside, best first. */
  readonly match: readonly string[]
  /** Field that people call its rows by where other rows name them; `name` when absent. */
  readonly called?: string
  /** A new row needs a value in one of these at least. */
  readonly oneOf?: readonly string[]
  /** Field that names the entity which one request at a time may touch; the first key field when absent. */
  readonly unit?: string
  readonly fields: Readonly<Record<string, Field>>
  /** Columns of further indexes, beside key, match and references. */
  readonly indexes?: readonly (readonly string[])[]
  readonly api: Api
  /** OAuth scope that writes it; `<scope>_read_only` reads it. */
  readonly scope: string
  /** Its rows form a tree: the field that holds the row above, and what a new row at the top holds beside its name. */
  readonly tree?: { readonly parent: string; readonly top: Values }
  /** Its rows can be kept by a sync of the resource that they belong to. */
  readonly part?: PartFacts
  /** Its rows take stock of the things that they name by `ref`. */
  readonly takes?: Takes
  /** Its rows are made from something outside that the API does not tell afterwards. */
  readonly sent?: Sent
  /** Its only row says what the store measures and counts in. */
  readonly measures?: Measures
  /** Its rows can be copied into another store. */
  readonly moves?: Moves
  /** Milliseconds after one of our writes during which a read proves nothing. */
  readonly settleMs: number
  /** BigCommerce's page the facts come from, a section of docs/bigcommerce.md. */
  readonly source: string
  /** A pull brings it only for stores whose `resources` name it: it costs requests of its own or makes pages heavy, and few stores have any. */
  readonly onDemand?: true
  /** How a store with a legacy API account tells its rows; absent where it does not, or where they live in the older API anyway. */
  readonly older?: Older
}

/** How rows tell what was taken from stock, and since when. */
export interface Takes {
  /** Field with the pieces. */
  readonly quantity: string
  /** Fields of the parent that they ride in: when it was placed, and its status. */
  readonly placed: string
  readonly status: string
  /** Statuses with which nothing is taken yet, or nothing any more. */
  readonly idle: readonly number[]
}

/** By what a row that was sent is known again. Each is a field of the row. */
export interface Sent {
  /** Takes the address that it is made from; untold. */
  readonly from: string
  /** The store's own file of it, whose name keeps that of the address; another file is another thing. */
  readonly file: string
  /** Its place among the rows of one parent; only the order of the numbers means something. */
  readonly place: string
  /** Which of them stands for all: exactly one does. */
  readonly first: string
  /** Told to who cannot see it. */
  readonly alt: string
  /** The field of a form that takes a file instead of the address. */
  readonly upload: string
  /** The address at which the store shows the largest of it. */
  readonly shown: string
}

/** How rows belong to those of another resource. */
export interface PartFacts {
  readonly parent: string
  /** Field that holds the parent's key. */
  readonly link: string
  /** Fields that tell a row from others of its parent. */
  readonly key: readonly string[]
  /** What a new row holds beside what a source says. */
  readonly initial: Values
  /** Absent where no single column can be such a row. */
  readonly column?: PartOfColumn
}

/** How a column of a sync is a row of a child resource: `custom:Material` is the custom field of that name. */
export interface PartOfColumn {
  /** What the column's name in the config begins with, before a colon. */
  readonly prefix: string
  /** What stands behind the colon: its named groups are fields of the row, those of the key among them. */
  readonly pattern: RegExp
  /** How to write it, for people: `custom:NAME`. */
  readonly written: string
  /** What the groups mean where they are left out. */
  readonly absent: Values
  /** The field that a cell holds. */
  readonly field: string
}

/** Fields that hold the store's units, with the unit that each of its words means, and the decimal places of its currency. */
export interface Measures {
  readonly weight: { readonly field: string; readonly words: Readonly<Record<string, string>> }
  readonly length: { readonly field: string; readonly words: Readonly<Record<string, string>> }
  readonly places: { readonly field: string }
}

/** Rows of which each was sent, as parts of the rows of another resource. */
export type SentPart = Resource & { readonly sent: Sent; readonly part: PartFacts }

/** Whether rows were sent, as parts of others. */
export const isSentPart = (resource: Resource): resource is SentPart =>
  resource.sent !== undefined && resource.part !== undefined

/** The resource whose rows are sent as parts of a resource's rows. */
export const sentPart = ({ resources }: Pick<Catalog, 'resources'>, parent: string): SentPart | undefined =>
  [...resources.values()].filter(isSentPart).find(({ part }) => part.parent === parent)

export interface Api {
  readonly list?: Listing
  /** Rows come inside another resource's rows. */
  readonly within?: Embedded
  readonly create?: Route
  /** Where a new row goes that holds fields which `create` does not carry. */
  readonly createOther?: Route
  /** Cheapest first; a change goes to the first route that carries all its fields. */
  readonly update?: readonly Route[]
  readonly delete?: Route
}

export interface Listing {
  readonly path: string
  /** The list is asked for once for each row of this resource, by its key: `{name}` in the path, the field of the rows that holds it. */
  readonly per?: string
  /** Of those, only the ones that hold something other than nothing in this field of theirs have any rows. */
  readonly having?: string
  /** Where there are no rows, it answers 204; each list of the older API does. */
  readonly noContent?: true
  /**
   * `keyset`: ask for keys beyond the last one seen. `cursor`: ask on from where the last page says that it ended. `page`: page
   * numbers. `whole`: one answer with everything. `single`: the answer is the one row there is.
   */
  readonly paging: 'keyset' | 'cursor' | 'page' | 'whole' | 'single'
  /** Most rows a request. */
  readonly pageSize: number
  /** Parameters of every list request, such as the sort that keyset paging needs. */
  readonly query?: Readonly<Record<string, string>>
  /**
   * How to ask for keys beyond the last; `inclusive` when the parameter means "from this key on". With `upTo`, the parameter that
   * bounds keys from above, the listing can be read and counted in ranges: it needs a total that comes with each page.
   */
  readonly keyset?: { readonly param: string; readonly inclusive?: true; readonly upTo?: string }
  /**
   * How to ask for rows changed since a moment, and the field that holds the moment. `newest` are the parameters with which the rows
   * changed last come first.
   */
  readonly since?: {
    readonly param: string
    readonly field: string
    readonly newest?: Readonly<Record<string, string>>
  }
  /** Parameter that asks for a comma-separated list of keys. */
  readonly ids?: string
  /** Path of one row by its key, where no list of keys can be asked for. */
  readonly one?: string
  /** Parameter that narrows the answer to some fields. */
  readonly only?: string
  /** Where the total is told: in the page's own pagination, or at a path with the count in its answer. */
  readonly total?: 'pagination' | { readonly path: string; readonly at: string }
  /** Where rows lie inside each element of the answer, when one element holds several. */
  readonly rows?: string
  /** Of a list of the older API: where it tells each field of what the newer API's body would be. */
  readonly told?: Readonly<Record<string, Told>>
}

export interface Embedded {
  readonly parent: string
  /** Value of the parent list's `include` parameter; absent when the parent always carries the rows. */
  readonly include?: string
  /** Where the rows lie in the parent's body: `variants`, `consignments.shipping[].line_items[]`. */
  readonly at: string
  /** Field of the row that holds the parent's key. */
  readonly link: string
  /** Most parents a request when this is included; the parent's own page size when absent. */
  readonly pageSize?: number
  /** Further parameters that the parent's list needs with this include. */
  readonly query?: Readonly<Record<string, string>>
  /** The rows are asked for with a request for each parent, and put where the newer API has them. */
  readonly apart?: Apart & { readonly told: Readonly<Record<string, Told>> }
}

/** How a store that has only the older API tells the rows of a resource. */
export interface Older {
  /** Where they are listed, instead of the newer API's list. */
  readonly list?: Listing
  /** Of rows that ride inside others in the newer API: the request for each of those. */
  readonly apart?: Apart
  /** Where a field's value lies in an older body; by its own name where absent, null where the older API does not tell it. */
  readonly told: Readonly<Record<string, Told | null>>
}

export interface Route {
  readonly verb: 'POST' | 'PUT' | 'DELETE'
  /** `{name}` is filled from the row: from what names it, or else from what is set in it. */
  readonly path: string
  /** Most rows a request. */
  readonly batch: number
  /** Most requests at once. */
  readonly lanes: number
  /** Writable fields that it carries; every writable field when absent. */
  readonly fields?: readonly string[]
  /**
   * `rows`: an array of rows. `row`: the one row. `none`: nothing. `{ wrap }`: an object with the rows under that name.
   * `{ into, of }`: an array of what the rows belong to, each named by its fields and with its rows in the list `into`.
   */
  readonly body:
    | 'rows'
    | 'row'
    | 'none'
    | { readonly wrap: string }
    | { readonly into: string; readonly of: Readonly<Record<string, string>> }
  /** Fields that name the row inside the body. With `oneOf`, exactly one of them, the first that the row has. */
  readonly names: readonly string[] | { readonly always: readonly string[]; readonly oneOf: readonly string[] }
  /**
   * The store clears what a body leaves out, or wants it: these fields of the row go along as they are, and what is not set is left out
   * where the API has no word for it. A create with it writes over a row that is there already.
   */
  readonly whole?: readonly string[]
  /** The store takes it only for rows that hold a value in each of these. */
  readonly needs?: readonly string[]
  /** `rows` or `row`: the answer holds what was saved. `none`: nothing can be learnt from it. */
  readonly echo: 'rows' | 'row' | 'none'
  /** The answer leaves out rows that would be the same as another one that is there. Nothing is saved for them. */
  readonly omits?: 'same'
  /** Requests of two groups never run at the same time (catalog against inventory). */
  readonly group: string
  /** Rows of child resources that may ride in the body of a create. */
  readonly nest?: readonly Nest[]
  /** Rows of another resource that belong to a new row and can be made only once it is there. */
  readonly follow?: Follow
}

export interface Follow {
  /** Of the rows that follow. To make one that is there already must change nothing, because an answer may be lost. */
  readonly resource: string
  /** Their field with the key of the new row. */
  readonly link: string
  /** What the config calls them, a list of ids that a sync that creates has to give, and their field that takes each. */
  readonly given: string
  readonly each: string
}

export interface Nest {
  /** Of the inner rows. */
  readonly resource: string
  /** Where they lie in the body of the create; where its rows lie in the parent's body as it is read when absent. */
  readonly at?: string
  /** What may be set there. */
  readonly fields: readonly string[]
  /** Field with the options that an inner row chooses, by name and label; absent where it stands for no choice. */
  readonly choices?: string
  /** Field that every inner row needs, and that tells it from the others of its parent; absent where none does, and they are counted. */
  readonly made?: string
  /** Most inner rows of one. */
  readonly most: number
  /** A row that says this gets its inner rows from the store. */
  readonly unless?: Values
  /** What the store makes those say. */
  readonly itself?: readonly string[]
  /** Where what is chosen from lives: a row that comes later needs it first. */
  readonly values?: NestedValues
}

/** What inner rows choose from. */
export interface NestedValues {
  readonly resource: string
  /** Its fields that hold the option, the label, and the place among its siblings. */
  readonly option: string
  readonly label: string
  readonly order: string
  /** Names in each element of an inner row's choices. */
  readonly choice: { readonly id: string; readonly label: string; readonly option: string; readonly optionName: string }
  /** Most values of one option. */
  readonly most: number
}

/** Inner rows that stand for a combination of options. */
export type ChosenNest = Nest & { readonly choices: string; readonly made: string; readonly values: NestedValues }

/** The rows of a create's body that several rows of a source make. */
export const chosenNest = (resource: Resource | undefined): ChosenNest | undefined =>
  resource?.api.create?.nest?.find(
    (nest): nest is ChosenNest => nest.choices !== undefined && nest.made !== undefined && nest.values !== undefined,
  )

/** Rows that are told by their parent and by what they choose. */
export interface ChosenRows {
  /** Field with the row's own key. */
  readonly field: string
  readonly parent: Resource
  readonly child: Resource
  /** Field of the child that holds the parent's key. */
  readonly link: string
  readonly nest: ChosenNest
}

/** How rows of a resource, or of a derived one, choose; undefined where they do not. */
export const chosenRows = ({ resources, derived }: Catalog, name: string): ChosenRows | undefined => {
  const made = derived.get(name)
  const child = resources.get(made?.child ?? name)
  const within = child?.api.within
  const parent = resources.get(within?.parent ?? '')
  const nest = chosenNest(parent)
  if (!child || !within || !parent || nest?.resource !== child.name) return undefined
  const [key = 'id'] = child.key
  const held = Object.entries(made?.fields ?? {}).find(([, { of, field }]) => of === 'child' && field === key)
  const field = made ? held?.[0] : key
  return field === undefined ? undefined : { field, parent, child, link: within.link, nest }
}

/** The field by which rows name the row of another resource that they lie in. */
export const linkTo = ({ fields, api }: Resource, parent: string): string =>
  Object.entries(fields).find(([, { ref }]) => ref === parent)?.[0] ?? api.within?.link ?? ''

/** The field by which other rows name those of a resource. */
export const nameField = ({ called = 'name' }: Resource): string => called

/** A route that saves one row a request and answers with the row. Four at once is what public clients get away with. */
export const saveOne = (verb: 'POST' | 'PUT', path: string, group: string): Route => ({
  verb,
  path,
  batch: 1,
  lanes: 4,
  body: 'row',
  names: [],
  echo: 'row',
  group,
})

/** A route that deletes one row a request. */
export const deleteOne = (path: string, group: string): Route => ({
  verb: 'DELETE',
  path,
  batch: 1,
  lanes: 4,
  body: 'none',
  names: [],
  echo: 'none',
  group,
})

/** The fields of a row that fill a path. */
export const pathFields = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? [])

/** Whether a route can set all of some fields. */
export const carries = (route: Route, fields: readonly string[]): boolean =>
  !route.fields || fields.every((field) => route.fields?.includes(field))

/** The cheapest route for a change of some fields; undefined where none carries them all. */
export const updateRoute = ({ update = [] }: Api, fields: readonly string[]): Route | undefined =>
  update.find((route) => carries(route, fields))

/** How a route is named in plans, costs and reports: `PUT /v3/catalog/variants`. */
export const routeName = (route: Route): string => `${route.verb} ${route.path}`

/** Fields that a sync may write. */
export const writableFields = (resource: Resource): readonly string[] =>
  Object.keys(resource.fields).filter((name) => !resource.fields[name]?.readOnly)

/** The resource with its keys checked by the compiler: a misspelt field name in `key` or `match` does not compile. */
export const defineResource = <F extends Record<string, Field>>(
  resource: Omit<Resource, 'fields' | 'key' | 'match'> & {
    readonly fields: F
    readonly key: readonly (keyof F & string)[]
    readonly match: readonly (keyof F & string)[]
  },
): Resource => Object.freeze(resource)

/**
 * A resource made of two others: a parent and its children, where a child inherits what it does not hold itself, and the sole
 * child of a parent stands for the parent (a simple product and its base variant).
 */
export interface Derived {
  readonly name: string
  readonly about: string
  readonly parent: string
  readonly child: string
  /** Field of the child that holds the parent's key. */
  readonly link: string
  /** Field of the parent that holds the key of its sole child, null when it has several. */
  readonly sole: string
  readonly match: readonly string[]
  readonly fields: Readonly<Record<string, DerivedField>>
}

/**
 * Where a derived field lives.
 * - `child`, `parent`: there only; a parent's field is writable through a sole child only.
 * - `own`: the parent's for a sole child, else the child's.
 * - `inherited`: the child's own value, else the parent's.
 * - `stock`: by the parent's tracking mode on the parent, on the child or nowhere, and written through `route`'s resource.
 */
export type DerivedField = { readonly readOnly?: true } & (
  | { readonly of: 'child' | 'parent'; readonly field: string }
  | { readonly of: 'own' | 'inherited'; readonly field: string }
  | {
      readonly of: 'stock'
      readonly field: string
      /** Field of the parent that tells who holds the stock, and the owner by each of its values. */
      readonly tracking: string
      readonly heldBy: Readonly<Record<string, 'parent' | 'child' | 'none'>>
      /**
       * Resource that stock is written to, its field, and its fields that hold the two keys and the location; `open` is the field of a
       * location that says whether its stock can be changed.
       */
      readonly writes: {
        readonly resource: string
        readonly field: string
        readonly parentKey: string
        readonly childKey: string
        readonly location: string
        readonly open: string
      }
    }
)

/** Everything that a store can hold, by name. */
export interface Catalog {
  readonly resources: ReadonlyMap<string, Resource>
  readonly derived: ReadonlyMap<string, Derived>
}

export const catalogOf = (resources: readonly Resource[], derived: readonly Derived[] = []): Catalog => ({
  resources: new Map(resources.map((resource) => [resource.name, resource])),
  derived: new Map(derived.map((one) => [one.name, one])),
})
