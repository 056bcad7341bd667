import type { Mutant } from './mutant.ts'

/** What keeps a plan from passing over a row that has something to say. */
export const FAMILIAR: readonly Mutant[] = [
  {
    name: 'known-in-spite-of-the-store',
    removes: 'compares a row again once its row of the store has moved',
    file: 'src/mirror/ddl.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text of the program.
    find: "trigger('changed', `UPDATE OF ${columns.map((column) => quoted(column.name))}`, 'NEW'),",
    put: '',
    caught: { by: 'test', file: 'test/scenario/familiar-rows.test.ts', title: 'a plan that passes over' },
  },
  {
    name: 'known-in-spite-of-the-base',
    removes: 'compares a row again once what both sides agreed on has changed',
    file: 'src/engine/familiar-book.ts',
    find: "one.side === 'base'",
    put: "one.side === 'base' && one.key === ''",
    caught: { by: 'test', file: 'test/scenario/familiar-rows.test.ts', title: 'a row that was at rest' },
  },
  {
    name: 'known-in-spite-of-a-namesake',
    removes: 'compares a row again once another row of the store came to its key',
    file: 'src/engine/familiar-book.ts',
    find: '...store.keys,',
    put: '',
    caught: { by: 'test', file: 'test/scenario/familiar-rows.test.ts', title: 'a row that was at rest' },
  },
  {
    name: 'known-by-other-rules',
    removes: 'compares every row again under another config',
    file: 'src/engine/familiar-book.ts',
    find: 'format: FORMAT, tool, config,',
    put: 'format: FORMAT, tool,',
    caught: { by: 'test', file: 'test/scenario/familiar-rows.test.ts', title: 'a row that was at rest' },
  },
  {
    name: 'known-in-spite-of-a-double',
    removes: 'reads a file anew when a key of a row that was passed over comes again',
    file: 'src/sources/table-source.ts',
    find: 'read.keys.some((a, b) => familiar.hasPassed(a, b))',
    put: 'read.keys.some(() => false)',
    caught: { by: 'test', file: 'test/property/familiar-rows.test.ts' },
  },
  {
    name: 'known-by-another-header',
    removes: 'takes records for the same only under the same header and dialect',
    file: 'src/sources/csv-format.ts',
    find: 'named ? head.cells : head.cells.length',
    put: 'head.cells.length',
    caught: { by: 'test', file: 'test/property/familiar-rows.test.ts' },
  },
  {
    name: 'lines-lost-at-a-lone-return',
    removes: 'reads a file anew when lines end in a way that is not counted',
    file: 'src/sources/sieve.ts',
    find: 'if (cut.hasLoneReturn) this.#lose()',
    put: '',
    caught: { by: 'test', file: 'test/property/familiar-rows.test.ts' },
  },
  {
    name: 'faults-behind-known-rows',
    removes: 'reads a file anew to tell of a fault behind rows that were passed over',
    file: 'src/sources/table-source.ts',
    find: 'if (!familiar?.passed) throw error',
    put: 'throw error',
    caught: { by: 'test', file: 'test/property/familiar-rows.test.ts' },
  },
]
