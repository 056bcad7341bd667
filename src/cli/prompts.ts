import { confirm, multiselect, note, password, select, text } from '@clack/prompts'
import { InterruptedError } from '../model/index.ts'

/** Questions to a person. A question that is left unanswered (Ctrl-C) ends the work. */
export interface Prompts {
  text(message: string, options?: TextOptions): Promise<string>
  /** What is typed does not show. */
  secret(message: string): Promise<string>
  choose(message: string, choices: readonly Choice[], initial: string): Promise<string>
  chooseMany(message: string, choices: readonly Choice[], initial: readonly string[]): Promise<readonly string[]>
  confirm(message: string, initial: boolean): Promise<boolean>
  tell(title: string, body: string): void
}

export interface TextOptions {
  readonly initial?: string | undefined
  /** Why an answer will not do; undefined when it will. */
  readonly refuse?: (answer: string) => string | undefined
}

export interface Choice {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

/** On stderr, so that stdout keeps its document. @throws {InterruptedError} from a question that is left. */
export const terminalPrompts = (signal: AbortSignal): Prompts => {
  const output = process.stderr
  const common = { output, signal }
  return {
    text: async (message, { initial, refuse } = {}) =>
      answered(
        await text({
          ...common,
          message,
          ...(initial === undefined ? {} : { initialValue: initial }),
          ...(refuse ? { validate: (value: string | undefined) => refuse(value ?? '') } : {}),
        }),
      ),
    secret: async (message) =>
      answered(await password({ ...common, message, validate: (value) => (value ? undefined : 'It is needed.') })),
    choose: async (message, choices, initial) =>
      answered(
        await select({ ...common, message, options: choices.map((one) => ({ ...one })), initialValue: initial }),
      ),
    chooseMany: async (message, choices, initial) =>
      answered(
        await multiselect({
          ...common,
          message,
          options: choices.map((one) => ({ ...one })),
          initialValues: [...initial],
          required: true,
        }),
      ),
    confirm: async (message, initial) => answered(await confirm({ ...common, message, initialValue: initial })),
    tell: (title, body) => note(body, title, { output }),
  }
}

const answered = <T>(answer: T): Exclude<T, symbol> => {
  if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>
  throw new InterruptedError('left without an answer', { hint: 'nothing was written' })
}
