import type { Mutant } from './mutant.ts'

const TABLE = { by: 'test', file: 'test/unit/sources/expression.test.ts' } as const
const MAPPING = { by: 'test', file: 'test/unit/sources/mapping.test.ts' } as const

/** What keeps an expression from computing something else than it says. */
export const EXPRESSIONS: readonly Mutant[] = [
  {
    name: 'texts-are-added',
    removes: 'refuses a + that would join two prices',
    file: 'src/sources/expression/types.ts',
    find: "if (!node.args.every((inner) => typeOf(inner) === 'int')) throw arithmetic(node)",
    put: "if (node.op === '%') throw arithmetic(node)",
    caught: TABLE,
  },
  {
    name: 'formats-are-forgotten',
    removes: 'refuses an amount that was not read in the declared format',
    file: 'src/sources/expression/types.ts',
    find: "if (declared && param?.takes === 'amount') checkRead(value, bound, functions)",
    put: '',
    caught: TABLE,
  },
  {
    name: 'blank-costs-are-skipped',
    removes: 'makes a blank of an amount that is computed from one',
    file: 'src/sources/expression/amounts.ts',
    find: "if (!one) return ''",
    put: 'if (!one) continue',
    caught: TABLE,
  },
  {
    name: 'loops-are-let-in',
    removes: 'refuses the methods of CEL that loop, or match with the engine of Node',
    file: 'src/sources/expression/names.ts',
    find: 'if (!METHODS.has(name)) throw unknown(name, [...METHODS], node.start)',
    put: '',
    caught: TABLE,
  },
  {
    name: 'absent-is-blank',
    removes: 'tells a column that is absent from one that is blank',
    file: 'src/sources/mapping.ts',
    find: 'if (binding.needs.length > 0 && binding.needs.some((at) => cells[at] === undefined)) continue',
    put: '',
    caught: MAPPING,
  },
  {
    name: 'tables-are-read-once',
    removes: 'reads tables anew before each reading',
    file: 'src/sources/tables.ts',
    find: 'load: async () => {',
    put: 'load: async () => {\n      if (loaded) return',
    caught: MAPPING,
  },
  {
    name: 'table-moves-unseen',
    removes: 'refuses a plan whose tables have changed',
    file: 'src/app/settings/config-hash.ts',
    find: 'sha256(readFileSync(source.path))',
    put: 'sha256(source.path)',
    caught: { by: 'test', file: 'test/scenario/mapping.test.ts' },
  },
]
