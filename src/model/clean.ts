/** Text from outside without the characters that steer a terminal or turn its direction of writing. */
export const clean = (text: string): string => text.replace(STEERING, (found) => (/\s/.test(found) ? ' ' : ''))

// Control characters (C0, DEL, C1), line and paragraph separators, and the bidirectional overrides.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
export const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
