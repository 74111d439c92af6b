import { encounterFields, encounterPickerPage } from '../screens/encounter-picker.ts'
import { fieldOf, leadTo } from '../screens/page-endpoint.ts'
import { changePending } from '../tokens/tx-store.ts'
import type { Decision } from './decision.ts'
import { continueUrl, flowFrame, show } from './flow-frame.ts'
import { actorIn, asksFor, encounterIn, nameOf, offeredIn, patientIn, readerIn, type Visit } from './visit.ts'

/** The visit in context is known, or it is known that there is none, where an app that nobody launched asks for it. */
export const chooseEncounter: Decision = {
  error: 'interaction_required',
  async isOpen(visit) {
    if (visit.pending.launch || !asksFor(offeredIn(visit), 'launch/encounter')) return false
    return encounterIn(visit) === undefined && (await encountersIn(visit)).length > 0
  },
  async page(visit) {
    const patient = await visit.parts.charts.patient(visit.practice, readerIn(visit), patientIn(visit) ?? '')
    const encounters = await encountersIn(visit)
    return show(
      visit,
      encounterPickerPage({ ...(await flowFrame(visit)), patientName: patient?.name ?? '', encounters }),
    )
  },
  takes: {
    async 'choose-encounter'(visit, form) {
      const encounter = fieldOf(form, encounterFields.encounter)
      const patient = patientIn(visit)
      const isNone = encounter === '' && form.some(([name]) => name === encounterFields.encounter)
      const isKnown = isNone || (await encountersIn(visit)).some(({ id }) => id === encounter)
      if (isKnown && patient !== undefined) {
        const chosen = { ...visit.pending, chosenBy: nameOf(actorIn(visit)), patient, encounter }
        await changePending(visit.parts.db, visit.practice.number, visit.id, chosen)
      }
      return leadTo(continueUrl(visit, visit.id))
    },
  },
}

async function encountersIn(visit: Visit) {
  const patient = patientIn(visit)
  return patient === undefined ? [] : visit.parts.charts.encounters(visit.practice, readerIn(visit), patient)
}
