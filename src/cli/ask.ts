import { confirm, isCancel, text } from '@clack/prompts'
import type { Question } from './io.ts'

/** Asks on stderr, so that stdout keeps its document. Anything but a clear yes is a no. */
export const ask = async ({ text: message, word }: Question): Promise<boolean> => {
  const output = process.stderr
  if (word === undefined) {
    const answer = await confirm({ message, initialValue: false, output })
    return !isCancel(answer) && answer
  }
  const typed = await text({ message: `${message} Type ${word} to go on.`, output })
  return !isCancel(typed) && typed === word
}
