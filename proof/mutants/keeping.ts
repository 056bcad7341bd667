import type { Mutant } from './mutant.ts'

/** What keeps the mirror's file, and those who write to it, in order. */
export const KEEPING: readonly Mutant[] = [
  {
    name: 'copies-are-believed',
    removes: 'reads a copy back before it counts as one',
    file: 'src/mirror/copy.ts',
    find: '    prove(part, counts)\n',
    put: '',
    caught: { by: 'test', file: 'test/unit/mirror/copy.test.ts' },
  },
  {
    name: 'migrated-without-a-copy',
    removes: 'makes a copy before a migration, and none where that fails',
    file: 'src/mirror/open.ts',
    find: 'const { path: copy } = await copyMirror(path, copyPath(copies, now))',
    put: 'const copy = copyPath(copies, now)',
    caught: { by: 'test', file: 'test/unit/mirror/upgrade.test.ts' },
  },
  {
    name: 'older-writer-goes-on',
    removes: 'lets only the newest holder of the lock write',
    file: 'src/mirror/fence.ts',
    find: 'if (epoch !== null && current.get() !== epoch) throw overtaken(path)',
    put: '',
    caught: { by: 'test', file: 'test/unit/mirror/lease.test.ts' },
  },
  {
    name: 'cut-writers-forgotten',
    removes: 'looks a file over whose last writer did not come to its end',
    file: 'src/mirror/open.ts',
    find: 'const wasCut = writer !== undefined && !endedCleanly(db)',
    put: 'const wasCut = false',
    caught: { by: 'test', file: 'test/unit/mirror/lease.test.ts' },
  },
  {
    name: 'doubts-dropped-by-age',
    removes: 'keeps the journal from the first change on whose outcome is not known',
    file: 'src/mirror/prune.ts',
    find: "AND held.state IN ('intent', 'unknown'))",
    put: "AND held.state = 'nothing')",
    caught: { by: 'test', file: 'test/unit/mirror/prune.test.ts' },
  },
  {
    name: 'chain-begins-anew',
    removes: 'goes on from the last entry that was dropped',
    file: 'src/mirror/journal.ts',
    find: '?? anchorOf(db).sha',
    put: "?? ''",
    caught: { by: 'test', file: 'test/unit/mirror/prune.test.ts' },
  },
  {
    name: 'sleep-goes-unnoticed',
    removes: 'reads rows again that were read before the work stood still',
    file: 'src/engine/pulse.ts',
    find: 'if (now - this.#last > LONGEST_MS) this.#gaps += 1',
    put: '',
    caught: { by: 'test', file: 'test/scenario/keeping.test.ts' },
  },
  {
    name: 'single-statements-unfenced',
    removes: 'refuses a single statement of a writer that another one has overtaken',
    file: 'src/mirror/control.ts',
    find: 'return db.inTransaction ? write() : atOnce(write)',
    put: 'return told(db, write)',
    caught: { by: 'seed' },
  },
]
