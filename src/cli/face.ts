import { resolve } from 'node:path'
import { loadSettings, type Settings } from '../app/index.ts'
import { EXIT, type OnProgress } from '../model/index.ts'
import { catalog } from '../resources/index.ts'
import { coloured } from './coloured.ts'
import { faultOf, faultText } from './fault.ts'
import type { Io } from './io.ts'
import { openReporter } from './reporter.ts'
import { type Screen, screenOf } from './views/screen.ts'
import { plainJson, withoutSteering } from './views/text.ts'

/** Flags that every verb takes. */
export interface Common {
  readonly config: string
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
  readonly store: string | undefined
  /** How long to wait for a store that another process holds, ms; absent does not wait. */
  readonly wait: number | undefined
}

/** How a verb speaks with its user. */
export interface Face {
  readonly io: Io
  readonly common: Common
  /** Of stdout. */
  readonly screen: Screen
  readonly progress: OnProgress
  /** @throws {UsageError} when the configuration is missing or faulty. */
  settings(): Settings
  /** A view on stdout. */
  print(text: string): void
  /** A report: its document with `--json`, else its view; with `--quiet` only one that did not end well, on stderr. */
  report(document: unknown, view: (screen: Screen) => string): void
  /** A failure that does not end the work, on stderr. */
  complain(error: unknown): void
  /** Takes a progress bar off the screen. */
  close(): void
}

export const openFace = (io: Io, common: Common): Face => {
  const screen = screenOf(widthOf(io.stdout), coloured(io, common, io.stdout))
  const aside = screenOf(widthOf(io.stderr), coloured(io, common, io.stderr))
  const reporter = openReporter(io.stderr, aside, common)
  const print = (text: string) => {
    reporter.clear()
    io.stdout.write(`${io.stdout.isTTY ? withoutSteering(text) : text}\n`)
  }
  return {
    io,
    common,
    screen,
    progress: reporter.progress,
    settings: () => {
      const settings = loadSettings(resolve(io.cwd, common.config), io.env, catalog)
      for (const text of settings.warnings) reporter.progress({ kind: 'warning', text })
      return settings
    },
    print,
    report: (document, view) => {
      if (common.json) print(plainJson(document))
      else if (!common.quiet) print(view(screen))
      else if (!endedWell(document)) {
        reporter.clear()
        io.stderr.write(`${withoutSteering(view(aside))}\n`)
      }
    },
    complain: (error) => {
      reporter.clear()
      io.stderr.write(`${faultText(faultOf(error), common.verbose, aside.paint)}\n`)
    },
    close: reporter.clear,
  }
}

/** What reports no exit has none but the good one. */
const endedWell = (document: unknown): boolean =>
  ((document as { readonly exit?: number } | null)?.exit ?? EXIT.done) === EXIT.done

// A file or pipe has no width; reports in it stay readable without cutting much.
const widthOf = (sink: Io['stdout']): number => sink.columns ?? 120
