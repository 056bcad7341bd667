import {
  type Derived,
  type DerivedField,
  type Field,
  type Resource,
  type Route,
  routeName,
} from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { code, GENERATED, page, table } from './text.ts'

/** Every resource with its fields and routes, from the definitions. */
export const resourcesPage = (): string =>
  page(
    GENERATED,
    '# Resources',
    'A resource is a kind of thing in a store. Its name is its table in the mirror and the word in the configuration. `skus` is derived ' +
      'from two others and is the usual target of price and stock feeds.',
    `Kinds: ${Object.entries(KINDS)
      .map(([kind, about]) => `${code(kind)} ${about}`)
      .join('; ')}.`,
    [...catalog.derived.keys(), ...catalog.resources.keys()].map((name) => `- [${name}](#${name})`).join('\n'),
    ...[...catalog.derived.values()].map(derivedPart),
    ...[...catalog.resources.values()].map(resourcePart),
  )

const KINDS = {
  integer: 'a whole number',
  text: 'text',
  money: 'an exact amount with 4 places in the store’s currency',
  decimal: 'any other exact number with 4 places',
  flag: 'true or false',
  timestamp: 'a moment, UTC',
  ids: 'a list of ids',
  json: 'anything else, kept as JSON',
} as const satisfies Record<Field['kind'], string>

const resourcePart = (resource: Resource): string =>
  page(
    `## ${resource.name}`,
    resource.about,
    [
      `- Key ${listed(resource.key)}; a source may name a row by ${listed(resource.match)}.`,
      `- ${readingOf(resource)}`,
      olderOf(resource),
      `- Scope ${code(resource.scope)} to write, ${code(`${resource.scope}_read_only`)} to read.`,
      resource.settleMs ? `- A write counts as settled after ${resource.settleMs / 1000} s.` : '',
      `- Facts: [${resource.source}](../bigcommerce.md#${resource.source.toLowerCase().replaceAll(' ', '-')}).`,
    ]
      .filter(Boolean)
      .join('\n'),
    routesOf(resource),
    table(
      ['field', 'kind', 'limits', 'notes'],
      Object.entries(resource.fields).map(([name, field]) => [code(name), field.kind, limits(field), notes(field)]),
    ),
  ).trimEnd()

const listed = (names: readonly string[]): string => names.map(code).join(', ')

const readingOf = ({ api }: Resource): string => {
  const { within, list } = api
  if (within) {
    const how = within.include ? ` with ${code(`include=${within.include}`)}` : ''
    const small =
      within.pageSize === undefined ? '' : `, which makes pages ${within.pageSize} rows small; pulled only when named`
    return `Comes inside ${code(within.parent)}${how}${small}.`
  }
  if (!list) return 'Is not read by itself.'
  const rows = list.paging === 'single' ? 'one row' : `${list.pageSize} rows a request`
  const since = list.since ? `, and what changed by ${code(list.since.param)}` : ''
  return `Read from ${code(`GET ${list.path}`)}, ${rows}${list.paging === 'keyset' ? ', by key' : ''}${since}.`
}

const olderOf = ({ older }: Resource): string => {
  const path = older?.list?.path ?? older?.apart?.path
  if (path === undefined) return ''
  const untold = Object.keys(older?.told ?? {}).filter((name) => older?.told[name] === null && !isMade(name))
  const lacks = untold.length ? `, which does not tell ${listed(untold)}` : ''
  return `- With a legacy account read from ${code(`GET ${path}`)}${lacks}.`
}

/** What is put together from several answers. */
const isMade = (name: string): boolean =>
  [...catalog.resources.values()].some(
    ({ older }) => older?.apart?.chosen?.field === name || older?.apart?.sole?.holder === name,
  )

const routesOf = ({ api }: Resource): string => {
  const routes: (readonly [string, Route])[] = [
    ...[api.create, api.createOther].flatMap((route) => (route ? [['create', route] as const] : [])),
    ...(api.update ?? []).map((route) => ['update', route] as const),
    ...(api.delete ? [['delete', api.delete] as const] : []),
  ]
  if (!routes.length) return 'Not written by Skiff.'
  return table(
    ['to', 'request', 'rows a request', 'at once', 'fields'],
    routes.map(([what, route]) => [
      what,
      code(routeName(route)),
      String(route.batch),
      String(route.lanes),
      what === 'delete' ? '' : route.fields ? listed(route.fields) : 'all writable',
    ]),
  )
}

const limits = ({ min, max, values, unique }: Field): string =>
  [
    values ? values.map(code).join(', ') : '',
    min !== undefined && max !== undefined ? `${min} to ${max}` : '',
    min !== undefined && max === undefined ? `from ${min}` : '',
    min === undefined && max !== undefined ? `up to ${max}` : '',
    unique ? `unique${unique === 'nocase' ? ', ignoring case' : ''}` : '',
  ]
    .filter(Boolean)
    .join('; ')

const notes = (field: Field): string =>
  [
    field.noise
      ? 'read-only, never compared'
      : field.atCreate
        ? 'set by a create only'
        : field.readOnly
          ? 'read-only'
          : '',
    field.required ? 'needed to create' : '',
    field.untold ? 'the API never tells it: remembered' : '',
    field.nullable ? 'may be empty' : '',
    field.unset === 'zero' ? '0 is not set' : field.unset === 'empty' ? '"" is not set' : '',
    field.unordered ? 'order means nothing' : '',
    field.ref ? `refers to ${code(field.ref)}` : '',
    field.refs ? `refers to ${listed([...new Set(Object.values(field.refs))])} inside` : '',
    field.refBy ? `refers to ${listed(Object.values(field.refBy.of))}, as ${code(field.refBy.field)} says` : '',
    field.about ?? '',
  ]
    .filter(Boolean)
    .join('; ')

const derivedPart = (derived: Derived): string =>
  page(
    `## ${derived.name}`,
    derived.about,
    `- Made of ${code(derived.parent)} and ${code(derived.child)}; a view in the mirror. The column ${code('is_simple')} tells whether the row stands for its product too.\n` +
      `- A source may name a row by ${listed(derived.match)}.`,
    table(
      ['field', 'where it lives', 'written'],
      Object.entries(derived.fields).map(([name, field]) => [
        code(name),
        home(derived, field),
        written(derived, field),
      ]),
    ),
  ).trimEnd()

const home = ({ parent, child }: Derived, field: DerivedField): string => {
  switch (field.of) {
    case 'child':
      return code(`${child}.${field.field}`)
    case 'parent':
      return code(`${parent}.${field.field}`)
    case 'own':
      return `${code(`${parent}.${field.field}`)} of a simple product, else ${code(`${child}.${field.field}`)}`
    case 'inherited':
      return `${code(`${child}.${field.field}`)}, else ${code(`${parent}.${field.field}`)}`
    case 'stock':
      return `by ${code(`${parent}.${field.tracking}`)}: ${Object.entries(field.heldBy)
        .map(([mode, holder]) => `${code(mode)} ${{ parent, child, none: 'nobody' }[holder]}`)
        .join(', ')}`
  }
}

const written = ({ parent, child }: Derived, field: DerivedField): string => {
  const facts = catalog.resources.get(field.of === 'child' ? child : parent)?.fields[field.field]
  if (field.readOnly || facts?.readOnly) return 'read-only'
  switch (field.of) {
    case 'parent':
      return 'for simple products'
    case 'inherited':
      return `where it is held; once on the product when all its variants inherit and get the same`
    case 'stock':
      return `as ${code(`${field.writes.resource}.${field.writes.field}`)}`
    default:
      return 'where it lives'
  }
}
