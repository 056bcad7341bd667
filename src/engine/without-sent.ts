import type { Write } from '../diff/index.ts'
import { type Catalog, isSentPart, type Resource } from '../model/index.ts'

/**
 * A new row without those of its pictures that its refusal names, or else without any, because one that the store cannot fetch has it
 * refuse them all. They are rows or fields of their own, and can follow. Undefined where it brings none.
 */
export const withoutSent = (
  { resources }: Pick<Catalog, 'resources'>,
  write: Write,
  refusal: string,
): Write | undefined => {
  if (write.verb !== 'create') return undefined
  for (const [name, rows] of Object.entries(write.nested ?? {})) {
    const child = resources.get(name)
    if (!child || !isSentPart(child) || !rows.length) continue
    const isNamed = (row: (typeof rows)[number]): boolean => refusal.includes(String(row[child.sent.from]))
    const left = rows.some(isNamed) ? rows.filter((row) => !isNamed(row)) : []
    const { [name]: _all, ...others } = write.nested ?? {}
    return { ...write, nested: left.length ? { ...others, [name]: left } : others }
  }
  return withoutFetched(resources.get(write.resource), write, refusal)
}

const withoutFetched = (resource: Resource | undefined, write: Write, refusal: string): Write | undefined => {
  const isDead = (name: string): boolean =>
    resource?.fields[name]?.fetched === true &&
    (refusal.includes(name) || refusal.includes(String(write.set[name] ?? name)))
  const dead = Object.keys(write.set).filter(isDead)
  if (!dead.length) return undefined
  const set = Object.fromEntries(Object.entries(write.set).filter(([name]) => !dead.includes(name)))
  const parts = write.parts.filter(({ name }) => !dead.includes(name))
  return { ...write, set, parts, lacks: `sent without ${dead.join(', ')}: ${refusal}` }
}
