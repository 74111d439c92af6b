import type { Database, Find } from '#db'
import { valueAt } from '#lib'
import { everything } from './everything/everything.ts'
import { history } from './history/history.ts'
import { readVersion } from './history/read-version.ts'
import type { IndexScope } from './index/rows.ts'
import { Dictionaries } from './resources/dictionaries.ts'
import { JoinedChanges } from './resources/joined.ts'
import { read } from './resources/read.ts'
import { RowIds } from './resources/row-ids.ts'
import { write } from './resources/write.ts'
import { labels } from './search/labels.ts'
import { lastOfEach } from './search/last-of-each.ts'
import { search } from './search/search.ts'
import type { Store } from './store.ts'

export interface Stores {
  /** The practice's resources; `scope` binds its key, its bases and its time zone. */
  for(scope: IndexScope): Store
}

export function openStores(db: Database, find: Find): Stores {
  const rowIds = new RowIds(db)
  const dictionaries = new Map<number, Dictionaries>()
  const changes = new Map<string, JoinedChanges>()
  return {
    for(scope) {
      const { practice } = scope
      const dictionary = valueAt(dictionaries, practice, () => new Dictionaries(db, practice))
      const writer = { db, scope, rowIds, dictionaries: dictionary }
      const joined = valueAt(changes, JSON.stringify(scope), () => new JoinedChanges(writer))
      return {
        practice,
        read: (see, type, id) => read(db, find, practice, see, type, id),
        search: (see, query, from) => search(db, practice, see, query, from),
        everything: (see, asked, from) => everything(db, scope, see, asked, from),
        lastOfEach: (see, query, asked) => lastOfEach(db, practice, see, query, asked),
        labels: (see, types) => labels(db, practice, see, types),
        write: (operations) => write(writer, operations),
        change: (see, those) => joined.change(see, those),
        readVersion: (see, type, id, version) => readVersion(db, practice, see, { type, id, version }),
        history: (see, place, from) => history(db, practice, see, place, from),
      }
    },
  }
}
