import { movedValues } from '../../diff/index.ts'
import {
  canonical,
  copyName,
  type Moves,
  matchText,
  pick,
  type Resource,
  type SourceRow,
  type SyncSpec,
  type Value,
  type Values,
} from '../../model/index.ts'
import { type Between, ONLY_MADE, specOf } from './copies.ts'
import type { Copied } from './copy-resource.ts'
import { keyOf } from './match-rows.ts'
import { type Moving, standsFor } from './moving.ts'
import { oldRows } from './old-rows.ts'
import { notDone, pushRows, whyStopped } from './push-copy.ts'
import { untakenOf } from './unmade.ts'

type Leads = NonNullable<Moves['leads']>

/**
 * Makes rows that lead from where the old store showed a row to the one that stands for it, where the new store shows that elsewhere.
 * A path that leads somewhere already, or that was led once and is no more, is left as it is, and so is one where the new store shows
 * a row itself.
 */
export const copyLeads = async (moving: Moving, resource: Resource, between: Between): Promise<Copied> => {
  const { leads } = resource.moves ?? {}
  if (!leads) throw new TypeError(`${resource.name} leads nowhere`)
  const spec = leadsSpec(resource, leads, between)
  const { rows, shown } = ledRows(moving, resource, leads, Object.keys(spec.key), spec.name)
  const pushed = await pushRows(moving, spec, `pages of ${moving.from.name} that moved`, rows)
  const about = (path: Value) => ({ resource: resource.name, key: String(path), label: null })
  return {
    resource: `${resource.name}.moved`,
    rows: rows.length,
    created: pushed.report?.counts.applied ?? 0,
    adopted: 0,
    updated: 0,
    conflicts: 0,
    failed: notDone(pushed),
    left: [
      ...shown.map((path) => ({ ...about(path), reason: SHOWN })),
      ...untakenOf(pushed, (at) => rows[at] && about(rows[at].key[leads.from] ?? null)),
    ],
    stop: whyStopped(pushed) ? pushed : null,
  }
}

const SHOWN = 'the old store showed another row there than the new one does, so it leads nowhere else'

/** The sync that makes them. */
export const leadsSpec = (resource: Resource, leads: Leads, between: Between): SyncSpec => {
  const key = [...Object.keys(leads.given), leads.from]
  const name = `${copyName(between, resource.name)}.moved`
  return { ...specOf(between, name, resource.name, key, [leads.type, leads.to], ONLY_MADE), create: true }
}

const ledRows = (moving: Moving, resource: Resource, leads: Leads, key: readonly string[], sync: string) => {
  const { context, to, map } = moving
  const { fields } = resource
  const kinds = Object.entries(fields[leads.to]?.refBy?.of ?? {}).flatMap(([kind, name]) => {
    const of = context.catalog.resources.get(name)
    return of?.moves?.page ? [{ kind, of }] : []
  })
  const pathOf = (of: Resource, row: Values): string | null => {
    const { field, member } = of.moves?.page ?? { field: '', member: '' }
    const path = (row[field] as Values | null | undefined)?.[member] ?? null
    return path === null || path === '' || !fields[leads.from]
      ? null
      : String(canonical(fields[leads.from] as never, path))
  }
  const taken = new Set(
    kinds.flatMap(({ of }) =>
      [...to.mirror.lookup(of, of.key).all()].flatMap(({ values }) => pathOf(of, values)?.toLowerCase() ?? []),
    ),
  )
  const there = to.mirror.lookup(resource, key)
  const base = to.mirror.base(sync)
  const rows: SourceRow[] = []
  const shown: string[] = []
  for (const { kind, of } of kinds) {
    for (const { held } of oldRows(moving, of)) {
      const stands = map.get(of.name, keyOf(of, held))
      const row = stands && to.mirror.row(of, stands)
      const [was, is] = [pathOf(of, held), row ? pathOf(of, row) : null]
      if (!stands || was === null || is === null || was === is) continue
      const said: Values = {
        ...leads.given,
        [leads.from]: was,
        [leads.type]: kind,
        [leads.to]: held[of.key[0] ?? 'id'] ?? null,
      }
      const values = movedValues(fields, [...key, leads.type, leads.to], said, standsFor(moving)).values
      const named = pick(values, key)
      if (there.find(named).length || base.get(matchText(named))) continue
      if (taken.has(was.toLowerCase())) shown.push(was)
      else rows.push({ line: rows.length + 1, key: named, values, command: 'create' })
    }
  }
  return { rows, shown }
}
