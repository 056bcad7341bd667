import { type Answer, answers, type Question } from './query-answers.ts'

// The process that a query runs in: it is asked a question first, then for more of the answer.
let batches: Iterator<Answer> | undefined

process.on('message', (ask: Question | 'more') => {
  if (ask !== 'more') batches = answers(ask)
  const next = batches?.next()
  if (next && !next.done) process.send?.(next.value)
})
