import type { Database } from '#db'

/** After a large load: the planner learns what the tables hold, and the index of tokens takes in what waits at its end. */
export async function settle(db: Database): Promise<void> {
  await db.script(`select gin_clean_pending_list('resource_toks')`)
  await db.script('analyze resource, index_token, index_string, index_number, index_date, token_text')
}
