/** Writes src/db/schema.sql from a database that has just been migrated: `node tools/write-schema.ts`. */
import { writeFileSync } from 'node:fs'
import { testDatabase } from '../test/support/database.ts'
import { schemaText } from './schema-text.ts'

await using database = await testDatabase()
writeFileSync(new URL('../src/db/schema.sql', import.meta.url), await schemaText(database.db))
