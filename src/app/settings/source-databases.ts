/** Sources that are tables or queries of a database, by its engine. */
export const DATABASE_SOURCES = [] as const
