/** Why a text is no expression that may run. */
export class ExpressionFault extends Error {
  /** Index of the character in the expression that it begins at. */
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}
