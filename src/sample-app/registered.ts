import type { Database } from '#db'
import { type AppRecord, addApp, findApp, installationNote, permitApp, setInstallationNote, setRecord } from '#platform'

const note = 'sample-app'

export const samplePath = '/sample-app'

/** What the app asks for, beside whose chart it is to show. */
export const wanted = 'patient/Patient.rs patient/Observation.rs patient/Condition.rs patient/MedicationRequest.rs'

const scopes = `launch launch/patient ${wanted}`

interface Place {
  readonly number: number
  readonly root: string
}

/** Registers the app with the sandbox, once; its addresses follow those of the installation. */
export async function ensureSampleApp(db: Database, { number, root }: Place): Promise<void> {
  const record = recordAt(number, root + samplePath)
  const client = await registeredClient(db)
  const known = client === undefined ? undefined : await findApp(db, client)
  if (known) return setRecord(db, known.client, record)
  const app = await addApp(db, { name: 'Sample app', type: 'public', record }, 'approved')
  await permitApp(db, number, app.client, { scopes, types: undefined, groups: undefined })
  await setInstallationNote(db, note, app.client)
}

/** Its client_id; undefined where there is no sandbox. */
export function registeredClient(db: Database): Promise<string | undefined> {
  return installationNote(db, note)
}

function recordAt(onlyPractice: number, address: string): AppRecord {
  return {
    ...{ redirectUris: [address], launchUris: [address], origins: [], scopes, onlyPractice },
    ...{ smartVersion: '2.2', pkce: 'required', trustedLaunch: false, skipConsent: false },
  }
}
