/** Money of the v2 orders: text with four places (docs/bigcommerce.md, Numbers). */
export const money = (amount: number): string => amount.toFixed(4)

export const NOTHING = '0.0000'

/** Moments of the v2 orders: RFC 2822, always `+0000`. */
export const orderTime = (millis: number): string => new Date(millis).toUTCString().replace('GMT', '+0000')
