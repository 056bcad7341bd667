/** The process as the command sees it; tests give their own. */
export interface Io {
  readonly stdout: Sink
  readonly stderr: Sink
  /** A person sits there and can answer questions. */
  readonly interactive: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal
}

export interface Sink {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}
