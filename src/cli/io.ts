/** The process as the command sees it; tests give their own. */
export interface Io {
  readonly stdout: Sink
  readonly stderr: Sink
  /** Asks the person at the terminal; null where nobody sits there. */
  readonly ask: ((question: Question) => Promise<boolean>) | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal
}

export interface Question {
  readonly text: string
  /** What must be typed for a yes; a plain yes or no when absent. */
  readonly word?: string
}

export interface Sink {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}
