import { seeAll } from '#access'
import type { Change } from '#store'
import { newId } from './new-id.ts'
import type { Writing } from './writing.ts'

type Activity = 'CREATE' | 'UPDATE' | 'DELETE'

const operations = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation'
const participants = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'

/** Who did this and when, as an act of the platform itself: it needs no scope of the client. */
export function provenanceOf({ who, practice }: Writing, target: string, activity: Activity): Change {
  const id = newId()
  const client = { type: 'Device', identifier: { system: `${practice.root}/clients`, value: who.client } }
  const resource = {
    resourceType: 'Provenance',
    id,
    target: [{ reference: target }],
    recorded: new Date().toISOString(),
    activity: { coding: [{ system: operations, code: activity }] },
    agent: [
      ...(who.user === undefined ? [] : [agent('author', { reference: who.user })]),
      agent(who.user === undefined ? 'author' : 'assembler', client),
    ],
  }
  const operation = { kind: 'put', type: 'Provenance', id, text: JSON.stringify(resource), resource } as const
  const all = seeAll('Provenance')
  return { operation, may: all ? { create: all } : {}, isNew: true }
}

function agent(code: string, who: object) {
  return { type: { coding: [{ system: participants, code }] }, who }
}
