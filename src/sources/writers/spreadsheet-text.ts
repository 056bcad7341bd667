import { canonicalDecimal } from '../../model/index.ts'

/**
 * Text that no spreadsheet takes for a formula: such a beginning gets a `'` before it, a plain number stays. Who may name a product
 * could otherwise run something on the machine of whoever opens the list.
 */
export const spreadsheetText = (text: string): string =>
  /^[=+\-@\t\r\0]/.test(text) && canonicalDecimal(text) === undefined ? `'${text}` : text
