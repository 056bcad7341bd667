import type { Random } from '../../model/index.ts'
import { catalogPath } from '../listings/urls.ts'
import type { State } from '../state.ts'
import { between, uuid } from './dice.ts'
import { KINDS } from './kinds.ts'
import { BRANDS } from './words.ts'

/** Where products go: category ids by shelf and material, and the brands' ids. */
export interface Shelves {
  /** Categories of a kind made of a material, deepest first. */
  of(plural: string, material: string): readonly number[]
  readonly brands: readonly number[]
}

/** Fills a tree of four levels (department, group, shelf, material) and the brands. */
export const seedShelves = (state: State, random: Random): Shelves => {
  const tree = seedTree(state)
  const known = new Map<string, { readonly id: number; readonly path: string }>()
  const node = (names: readonly string[]): { readonly id: number; readonly path: string } => {
    const key = names.join('\n')
    const found = known.get(key)
    if (found) return found
    const name = names.at(-1) as string
    const parent = names.length > 1 ? node(names.slice(0, -1)) : undefined
    const path = `${parent?.path ?? '/'}${catalogPath(name).slice(1)}`
    const row = state.categories.insert({
      category_uuid: uuid(random),
      parent_id: parent?.id ?? 0,
      tree_id: tree.id,
      name,
      description: `<p>${name.replace('&', '&amp;')}, chosen with care.</p>`,
      views: between(random, 0, 4000),
      sort_order: known.size % 20,
      page_title: '',
      meta_keywords: [],
      meta_description: '',
      layout_file: 'category.html',
      image_url: '',
      is_visible: true,
      search_keywords: '',
      default_product_sort: 'use_store_settings',
      url: { path, is_customized: false },
    })
    const made = { id: row.id, path }
    known.set(key, made)
    return made
  }
  const shelves = new Map<string, readonly number[]>()
  for (const { shelf, plural, materials } of KINDS) {
    const groups = [...shelf, plural]
    for (const material of materials) {
      // Kinds made of one or two materials need no level of their own for them.
      const deepest = materials.length > 2 ? [node([...groups, `${material} ${plural}`]).id] : []
      shelves.set(`${plural}\n${material}`, [...deepest, node(groups).id, node(groups.slice(0, 2)).id])
    }
  }
  return { of: (plural, material) => shelves.get(`${plural}\n${material}`) ?? [], brands: seedBrands(state, random) }
}

const seedBrands = (state: State, random: Random): readonly number[] =>
  BRANDS.map(
    (name) =>
      state.brands.insert({
        name,
        page_title: '',
        meta_keywords: [],
        meta_description: random() < 0.3 ? `${name}, an independent maker.` : '',
        search_keywords: '',
        image_url: '',
        custom_url: { url: catalogPath(name), is_customized: false },
      }).id,
  )

/** The category tree that every store begins with. */
export const seedTree = (state: State) => state.trees.insert({ name: 'Default catalog tree', channels: [1] })
