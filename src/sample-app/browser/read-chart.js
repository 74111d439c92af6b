/** What the app reads of a chart, by the FHIR API that every app uses: https://hl7.org/fhir/R4/http.html#search */

export async function readChart(fhirBase, { token, patient }) {
  const get = (url) => readJson(url, token)
  async function all(query) {
    const found = []
    for (let url = `${fhirBase}/${query}`; url; ) {
      const page = await get(url)
      found.push(...(page.entry ?? []).map(({ resource }) => resource))
      url = page.link.find(({ relation }) => relation === 'next')?.url
    }
    return found
  }
  const [person, vitals, problems, medicines] = await Promise.all([
    orRefused(get(`${fhirBase}/Patient/${patient}`)),
    orRefused(all(`Observation?patient=${patient}&category=vital-signs&_sort=date&_count=500`)),
    orRefused(
      all(
        `Condition?patient=${patient}&category=problem-list-item,health-concern&clinical-status=active&_sort=-recorded-date`,
      ),
    ),
    orRefused(all(`MedicationRequest?patient=${patient}&status=active&_sort=-authoredon`)),
  ])
  return { person, vitals, problems, medicines }
}

async function readJson(url, token) {
  const reply = await fetch(url, { headers: { authorization: `Bearer ${token}`, accept: 'application/fhir+json' } })
  const resource = await reply.json()
  if (reply.ok) return resource
  throw Object.assign(new Error(resource.issue[0].diagnostics), { status: reply.status })
}

/** Undefined for what the user took the tick away from at consent; the rest of the chart is shown all the same. */
function orRefused(reading) {
  return reading.catch((error) => {
    if (error.status === 403) return undefined
    throw error
  })
}
