import {
  type Change,
  cellText,
  type FieldChange,
  type FieldRule,
  type Rejection,
  type SourceRow,
  sameValue,
  type Value,
  type Values,
} from '../model/index.ts'
import { type BaseField, decideField } from './decide.ts'
import { type Decided, decidedFields, stillHolds } from './decided.ts'
import { limitsOf } from './limits.ts'
import { fieldsOf, refuse, type Target } from './target.ts'

/** One key as the three sides hold it. */
export interface Trio {
  readonly source: SourceRow
  /** Store side, canonical, what was applied lately already laid over it. */
  readonly store: Values
  readonly entity: Values
  readonly base: Readonly<Record<string, BaseField>> | undefined
  readonly newer?: 'source' | 'store' | undefined
  /** By field: what a person said about the conflicts of the row. */
  readonly decided?: ReadonlyMap<string, Decided> | undefined
}

/** What comparing one key found. A change has no id yet. */
export interface KeyResult {
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejections: readonly Rejection[]
  /** Fields on which both sides agree, or whose difference is accepted: what the base may advance to. */
  readonly agreed: Readonly<Record<string, BaseField>>
  readonly firstContact: boolean
  /** Of every field of which the source says anything, both sides hold what they agree on, or what was accepted before. */
  readonly isAtRest: boolean
}

/**
 * Compares one key three ways, field by field. A value that the store cannot take rejects its whole row: a row is pushed as the
 * source meant it or not at all.
 */
export const compareKey = (
  target: Target,
  rules: Readonly<Record<string, FieldRule>>,
  trio: Trio,
  label: string | null,
): KeyResult => {
  const { source, store, entity, base } = trio
  const fields: Record<'update' | 'write-back' | 'conflict', FieldChange[]> = {
    update: [],
    'write-back': [],
    conflict: [],
  }
  const rejections: Rejection[] = []
  const agreed: Record<string, BaseField> = {}
  let firstContact = false
  let isAtRest = true

  const facts = fieldsOf(target)
  for (const [name, rule] of Object.entries(rules)) {
    // What only a create sets says nothing of a row that is there.
    if (facts[name]?.atCreate) continue
    const ours = source.values[name]
    const theirs = store[name] ?? null
    const known = base?.[name]
    const verdict = decideField(rule, { source: ours, store: theirs, base: known, newer: trio.newer })
    if (ours === undefined || verdict.kind === 'silent' || verdict.kind === 'settled') continue
    if (verdict.kind === 'equal') {
      if (!isSame(known, theirs, ours)) agreed[name] = { store: theirs, source: ours }
      continue
    }
    isAtRest = false
    if (verdict.kind === 'keep') {
      agreed[name] = { store: theirs, source: ours, kept: true }
      continue
    }
    if (known === undefined) firstContact = true
    const agreedOn = known ? known.store : null
    const decided = verdict.kind === 'conflict' ? trio.decided?.get(name) : undefined
    if (decided && stillHolds(decided, theirs, ours)) {
      const needed = decidedFields(rule, name, agreedOn, decided)
      if (needed.update) fields.update.push(needed.update)
      if (needed['write-back']) fields['write-back'].push(needed['write-back'])
      continue
    }
    const [from, to] = verdict.kind === 'write-back' ? [ours, theirs] : [theirs, ours]
    fields[verdict.kind].push({
      field: name,
      from,
      to,
      base: agreedOn,
      owner: rule.owner,
      ...(verdict.kind === 'update' && verdict.drift ? { drift: true as const } : {}),
    })
  }
  for (const { field, to } of fields.update) {
    const reason = refuse(target, store, field, to)
    const column = source.column ?? rules[field]?.from ?? field
    if (reason) rejections.push({ row: source.line, column, value: cellText(to), reason, key: source.key })
  }

  if (rejections.length) return { changes: [], rejections, agreed, firstContact, isAtRest }
  const limits = limitsOf(target, store, fields.update)
  const row = { resource: target.name, key: source.key, entity, label, line: source.line, ...limits }
  const changes = (['update', 'write-back', 'conflict'] as const)
    .filter((action) => fields[action].length)
    .map((action) => ({
      ...row,
      action,
      side: action === 'write-back' ? ('source' as const) : ('store' as const),
      fields: fields[action],
    }))
  return { changes, rejections, agreed, firstContact, isAtRest }
}

const isSame = (known: BaseField | undefined, store: Value, source: Value): boolean =>
  known !== undefined && !known.kept && sameValue(known.store, store) && sameValue(known.source, source)
