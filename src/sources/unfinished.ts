import { SourceRefusedError } from '../model/index.ts'

/** A source that looks as if another program were still writing it: refused, and worth another look a little later. */
export class UnfinishedError extends SourceRefusedError {}
