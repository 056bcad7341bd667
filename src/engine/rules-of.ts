/** The part of a config's hash that says which rows take part; behind the colon is what the tables of its lookups hold. */
export const rulesOf = (configHash: string): string => configHash.split(':')[0] ?? configHash
