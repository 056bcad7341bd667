import type { Mutant } from './mutant.ts'

const scenario = { by: 'test', file: 'test/scenario/parts.test.ts' } as const

/** What keeps parts of products, and rows with a command, from being touched by mistake. */
export const PARTS: readonly Mutant[] = [
  {
    name: 'parts-of-a-young-product',
    removes: 'leaves parts alone that were written a moment ago and may not show yet',
    file: 'src/engine/parts.ts',
    find: 'isInside ? youngParents(mirror, parent, asOf) : NONE',
    put: 'isInside ? NONE : NONE',
    caught: scenario,
  },
  {
    name: 'parts-outside-the-filter',
    removes: 'leaves parts of products alone that take no part in the sync',
    file: 'src/engine/parts.ts',
    find: 'if (!found.values || !passesFilter(partOf.filter, found.values)) return []',
    put: 'if (!found.values) return []',
    caught: scenario,
  },
  {
    name: 'part-made-meanwhile',
    removes: 'looks whether somebody else made the row before it is made',
    file: 'src/engine/recheck.ts',
    find: 'isThere(pushing, change) ? MADE_MEANWHILE',
    put: 'isThere(pushing, change) && unreadable ? MADE_MEANWHILE',
    caught: scenario,
  },
  {
    name: 'undone-create-brings-its-parts-again',
    removes: 'hides a row that was made, and makes what came with it no second time',
    file: 'src/engine/undo.ts',
    find: 'nested: _nested, follow: _follow, ...row }',
    put: '...row }',
    caught: scenario,
  },
  {
    name: 'partial-without-echo-is-whole',
    removes: 'takes no row for saved because an answer without rows says that some were',
    file: 'src/engine/send.ts',
    find: "const isProof = outcome.kind === 'yes' ? route.echo === 'none' || echo : echo && asSent",
    put: "const isProof = outcome.kind === 'yes' || route.echo === 'none' ? route.echo === 'none' || echo : echo && asSent",
    caught: { by: 'test', file: 'test/scenario/price-list-assignments.test.ts' },
  },
  {
    name: 'change-without-its-place',
    removes: 'sends no change of a row that lacks what the store needs to know it by',
    file: 'src/diff/writes.ts',
    find: 'const route = action === ',
    put: 'const route = action !== ',
    caught: { by: 'test', file: 'test/scenario/price-list-assignments.test.ts' },
  },
  {
    name: 'blank-key-is-none',
    removes: 'takes a blank cell of a key for no value only where the config says so',
    file: 'src/sources/cell.ts',
    find: "if (text === '') return meant === 'none' ? { value: null }",
    put: "if (text === '') return true ? { value: null }",
    caught: { by: 'test', file: 'test/scenario/price-list-assignments.test.ts' },
  },
  {
    name: 'skipped-row-is-compared',
    removes: 'lets a row rest that says so',
    file: 'src/diff/command.ts',
    find: "case 'skip':\n      return 'rest'",
    put: "case 'skip':\n      return isThere ? 'compare' : 'rest'",
    caught: { by: 'test', file: 'test/unit/diff/command.test.ts' },
  },
]
