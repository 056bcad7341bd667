import type { Io, Sink } from '../../src/cli/io.ts'

/** A process that keeps what is written to it. */
export interface FakeIo extends Io {
  out(): string
  err(): string
}

export const fakeIo = (facts: Partial<Io> & { readonly tty?: boolean; readonly columns?: number } = {}): FakeIo => {
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err'): Sink => ({
    write: (text) => {
      written[name] += text
    },
    isTTY: facts.tty,
    columns: facts.columns,
  })
  return {
    stdout: sink('out'),
    stderr: sink('err'),
    ask: null,
    env: {},
    cwd: '/nowhere',
    signal: new AbortController().signal,
    ...facts,
    out: () => written.out,
    err: () => written.err,
  }
}
