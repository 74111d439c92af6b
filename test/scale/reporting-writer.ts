/** A process that writes chunks of 50 and reports the ids of each when its write has answered. */
import { readSettings } from '#config'
import { practiceNamed } from '#platform'
import type { WriteOperation } from '#store'
import { openInstallation } from '../../src/app.ts'

const installation = await openInstallation(readSettings(process.env))
const store = installation.storeOf(await practiceNamed(installation.db, 'north'))
for (let chunk = 0; ; chunk++) {
  const operations = Array.from({ length: 50 }, (_, i): WriteOperation => {
    const resource = { resourceType: 'Patient', id: `p${chunk * 50 + i}`, name: [{ family: 'Smith' }] }
    return { kind: 'put', type: 'Patient', id: resource.id, text: JSON.stringify(resource), resource }
  })
  await store.write(operations)
  process.send?.(operations.map(({ id }) => id))
}
