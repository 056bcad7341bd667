import type { Io, Sink } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { code, GENERATED, page } from './text.ts'

/** Every verb with its help, as the command itself prints it. */
export const commandsPage = async (): Promise<string> =>
  page(
    GENERATED,
    '# Commands',
    'Reports go to stdout; progress, warnings and errors to stderr. `--json` makes stdout one JSON document, described in ' +
      '[json.md](json.md). Exit codes are in [errors.md](errors.md).',
    fenced(await helpOf([])),
    ...(await Promise.all(
      verbs.map(async ({ name }) => `## ${code(`skiff ${name}`)}\n\n${fenced(ownPart(await helpOf([name])))}`),
    )),
  )

const helpOf = async (words: readonly string[]): Promise<string> => {
  let printed = ''
  const stdout: Sink = {
    columns: 100,
    write: (text) => {
      printed += text
    },
  }
  const io: Io = {
    stdout,
    stderr: { write: () => undefined },
    ask: null,
    env: {},
    cwd: '.',
    signal: new AbortController().signal,
  }
  await run([...words, '--help'], io, verbs)
  return printed
}

/** A verb's help without the flags that every verb takes; they stand once at the top. */
const ownPart = (help: string): string => help.replace(COMMON, '').replace(/\nOptions:\n(?=\n|$)/, '')

const COMMON = /^ {2}--(?:help|config|json|quiet|verbose|color|store|wait|version) .*\n?/gm

const fenced = (text: string): string => `\`\`\`text\n${text.trim().replace(/[ \t]+$/gm, '')}\n\`\`\``
