import type { Mutant } from './mutant.ts'

/** What `src/engine` and `src/app` do so that a person hears of it when runs go badly. */
export const FACES: readonly Mutant[] = [
  {
    name: 'circuit-never-opens',
    removes: 'leaves a sync that keeps failing to a person',
    file: 'src/engine/circuit.ts',
    find: 'circuit !== false && bad.length >= circuit',
    put: 'circuit !== false && bad.length < 0',
    caught: { by: 'test', file: 'test/scenario/circuit.test.ts' },
  },
  {
    name: 'notices-without-end',
    removes: 'tells a person of the same event once in six hours',
    file: 'src/app/notices/ration.ts',
    find: 'const isDue = last === undefined || at - Date.parse(last) >= QUIET_MS',
    put: 'const isDue = last === undefined || at - Date.parse(last) >= -QUIET_MS',
    caught: { by: 'test', file: 'test/unit/app/ration.test.ts' },
  },
  {
    name: 'recovery-untold',
    removes: 'tells that a sync is well again',
    file: 'src/app/notices/ration.ts',
    find: "tell: memory.bad?.isTold ? 'recovered' : null",
    put: "tell: memory.bad?.isTold === false ? 'recovered' : null",
    caught: { by: 'test', file: 'test/unit/app/ration.test.ts' },
  },
  {
    name: 'open-rows-forgotten',
    removes: 'keeps the time since which a row is open',
    file: 'src/mirror/open-rows.ts',
    find: 'SET state = excluded.state, reason = excluded.reason`',
    put: 'SET state = excluded.state, reason = excluded.reason, since = excluded.since`',
    caught: { by: 'test', file: 'test/scenario/endings.test.ts' },
  },
  {
    name: 'sweeping-plan-by-a-yes',
    removes: 'asks for more than a yes before most of the rows change',
    file: 'src/diff/guards/plans.ts',
    find: 'const MOST_WITH_A_YES = 0.6',
    put: 'const MOST_WITH_A_YES = 60',
    caught: { by: 'test', file: 'test/scenario/command-line.test.ts', title: 'G5' },
  },
]
