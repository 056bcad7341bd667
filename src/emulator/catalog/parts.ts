import { noContent, ok } from '../answers.ts'
import { type Filters, filtered, numbers } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import { type Body, idOf, objectOf } from '../rules.ts'
import type { ChildRow, ProductRow, State } from '../state.ts'
import type { Table } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { writeBulkRule } from './bulk-rule-write.ts'
import { writeComplexRule } from './complex-rule-write.ts'
import { writeCustomField } from './custom-field-write.ts'
import { partOf, productOf } from './find.ts'
import { writeImage } from './image-write.ts'
import { writeModifier } from './modifier-write.ts'
import { writeReview } from './review-write.ts'
import { withoutParent } from './shape.ts'
import { touch } from './touch.ts'
import { writeVideo } from './video-write.ts'

/** What parts of one kind are asked for. */
type Rows = Pick<Table<ChildRow>, 'get' | 'where' | 'delete'>

interface Part {
  /** Last segment of the path. */
  readonly path: string
  readonly word: string
  readonly table: (state: State) => Rows
  readonly write: (state: State, product: ProductRow, body: Body, id?: number) => ChildRow
  readonly shape: (row: ChildRow) => Record<string, unknown>
  /** The list answers 204 where it is empty. */
  readonly emptyIs204?: true
  readonly filters?: Filters<ChildRow>
  /** Runs after one was deleted. */
  readonly afterDelete?: (state: State, product: ProductRow) => void
}

/** Simple parts of a product: list, create, read, change and delete under the product's own path. */
export const partEndpoints = (): readonly Endpoint[] => PARTS.flatMap(endpointsOf)

const endpointsOf = (part: Part): readonly Endpoint[] => {
  const scope = 'store_v2_products'
  const path = `/v3/catalog/products/:id/${part.path}`
  const named = (call: Call): { product: ProductRow; row: ChildRow } => {
    const product = productOf(call)
    return { product, row: partOf(part.table(call.state), product, part.word, idOf(call.params['part'])) }
  }
  return [
    { method: 'GET', path, scope, handle: (call) => list(call, part) },
    {
      method: 'POST',
      path,
      scope,
      handle: (call) => write(call, part, productOf(call)),
    },
    {
      method: 'GET',
      path: `${path}/:part`,
      scope,
      handle: (call) => ok(narrow(call.query)(part.shape(named(call).row))),
    },
    {
      method: 'PUT',
      path: `${path}/:part`,
      scope,
      handle: (call) => {
        const { product, row } = named(call)
        return write(call, part, product, row.id)
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:part`,
      scope,
      handle: (call) => {
        const { product, row } = named(call)
        part.table(call.state).delete(row.id)
        part.afterDelete?.(call.state, product)
        touch(call.state, product.id)
        return noContent
      },
    },
  ]
}

const list = (call: Call, part: Part): Answer => {
  const rows = filtered(call.query, part.table(call.state).where('product', productOf(call).id), part.filters ?? {})
  const some = narrow(call.query)
  return rows.length === 0 && part.emptyIs204 ? noContent : page(call, rows, (row) => some(part.shape(row)))
}

const write = (call: Call, part: Part, product: ProductRow, id?: number): Answer => {
  const row = part.write(call.state, product, bodyOf(call.body), id)
  touch(call.state, product.id)
  return ok(part.shape(row))
}

/** A picture may come as a form with a file, of which only the name is kept; the texts of a form are what they say. */
const bodyOf = (body: unknown): Body => {
  if (!(body instanceof FormData)) return objectOf(body)
  return Object.fromEntries(
    [...body].map(([name, value]) => [name, typeof value === 'string' ? said(value) : value.name]),
  )
}

const said = (text: string): unknown => (/^(true|false|-?\d+)$/.test(text) ? JSON.parse(text) : text)

/** Another picture becomes the thumbnail when that one goes. */
const promote = (state: State, product: ProductRow): void => {
  const [first, ...rest] = state.images.where('product', product.id)
  if (first && ![first, ...rest].some((image) => image['is_thumbnail']))
    state.images.update(first.id, { is_thumbnail: true })
}

/** 1 for approved ones, 0 for those that wait. */
const statusFilter = numbers('status', [''], (row: ChildRow) =>
  row['status'] === 'approved' ? 1 : row['status'] === 'pending' ? 0 : -1,
)

const PARTS: readonly Part[] = [
  {
    path: 'images',
    word: 'image',
    table: (state) => state.images,
    write: writeImage,
    shape: (row) => ({ ...row }),
    emptyIs204: true,
    afterDelete: promote,
  },
  {
    path: 'custom-fields',
    word: 'custom field',
    table: (state) => state.customFields,
    write: writeCustomField,
    shape: withoutParent,
  },
  {
    path: 'bulk-pricing-rules',
    word: 'bulk pricing rule',
    table: (state) => state.bulkRules,
    write: writeBulkRule,
    shape: withoutParent,
  },
  {
    path: 'videos',
    word: 'video',
    table: (state) => state.videos,
    write: writeVideo,
    shape: (row) => ({ ...row }),
  },
  {
    path: 'reviews',
    word: 'review',
    table: (state) => state.reviews,
    write: writeReview,
    shape: withoutParent,
    emptyIs204: true,
    filters: statusFilter,
  },
  {
    path: 'modifiers',
    word: 'modifier',
    table: (state) => state.modifiers,
    write: writeModifier,
    shape: (row) => ({ ...row }),
  },
  {
    path: 'complex-rules',
    word: 'complex rule',
    table: (state) => state.complexRules,
    write: writeComplexRule,
    shape: (row) => ({ ...row }),
  },
]
