import { type Link, stableJson, type Values } from '../model/index.ts'
import { type Control, tables as sql } from './control.ts'

export interface Links {
  /** Which rows stand for those of another store, by its hash; `run` made the link. */
  links(source: string, resource: string): readonly (Link & { readonly run: string })[]
  saveLinks(
    source: string,
    resource: string,
    links: readonly Link[],
    by: { readonly run: string; readonly at: string },
  ): void
  /** Whether any row stands for one of that store. */
  hasLinks(source: string): boolean
  dropLinks(source: string, resource: string, keys: readonly string[]): void
}

/** Which rows stand for those of another store. */
export const linksOf = (control: Control): Links => ({
  links: (source, resource) =>
    control
      .all(
        sql
          .selectFrom('sync_link')
          .select(['from_key', 'to_key', 'how', 'run'])
          .where('source', '=', source)
          .where('resource', '=', resource)
          .orderBy('from_key'),
      )
      .map(({ from_key: from, to_key: to, how, run }) => ({ from, to: JSON.parse(to) as Values, how, run })),

  saveLinks: (source, resource, rows, { run, at }) =>
    control.atOnce(() => {
      for (const { from, to, how } of rows) {
        const values = { to_key: stableJson(to), how, run, at }
        control.run(
          sql
            .insertInto('sync_link')
            .values({ source, resource, from_key: from, ...values })
            .onConflict((conflict) => conflict.columns(['source', 'resource', 'from_key']).doUpdateSet(values)),
        )
      }
    }),

  hasLinks: (source) =>
    control.first(sql.selectFrom('sync_link').select('source').where('source', '=', source).limit(1)) !== undefined,

  dropLinks: (source, resource, keys) =>
    control.atOnce(() => {
      for (const from of keys) {
        control.run(
          sql
            .deleteFrom('sync_link')
            .where('source', '=', source)
            .where('resource', '=', resource)
            .where('from_key', '=', from),
        )
      }
    }),
})
