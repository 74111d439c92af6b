/** Measurements of each kind, over time: [{ name, unit, lines: [{ name, points: [{ at, value }] }] }] */

/** By LOINC code; what is not here comes after these, in the order in which it was met. */
const order = ['85354-9', '8867-4', '29463-7', '39156-5', '8302-2', '8310-5', '9279-1', '59408-5']

export function vitalSigns(observations) {
  const kinds = Map.groupBy(observations.filter(isUsable), ({ code }) => code.coding[0].code)
  const place = (code) => (order.includes(code) ? order.indexOf(code) : order.length)
  return [...kinds.keys()].sort((a, b) => place(a) - place(b)).map((code) => kindOf(kinds.get(code)))
}

function isUsable({ status, effectiveDateTime, valueQuantity, component = [], code }) {
  const isMeasured = valueQuantity?.value !== undefined || component.some((part) => part.valueQuantity)
  return isMeasured && effectiveDateTime && code.coding?.length > 0 && status !== 'entered-in-error'
}

function kindOf(observations) {
  const measured = observations.flatMap(measurements).filter(({ quantity }) => quantity?.value !== undefined)
  const lines = [...Map.groupBy(measured, ({ name }) => name)].map(([name, points]) => ({
    name,
    points: points.map(({ at, quantity }) => ({ at, value: quantity.value })),
  }))
  return { name: shortName(observations[0].code), unit: unitOf(measured[0].quantity), lines }
}

function measurements({ code, effectiveDateTime, valueQuantity, component = [] }) {
  const at = new Date(effectiveDateTime)
  if (valueQuantity) return [{ name: shortName(code), at, quantity: valueQuantity }]
  return component.map((part) => ({ name: shortName(part.code), at, quantity: part.valueQuantity }))
}

/** LOINC's names carry brackets: "Body mass index (BMI) [Ratio]". */
function shortName({ text, coding }) {
  return (text ?? coding[0].display ?? coding[0].code).replace(/ [[(].*$/, '').replace(/ blood pressure$/, '')
}

const signs = { Cel: '°C', '[degF]': '°F', 'kg/m2': 'kg/m²', '%': '%' }

function unitOf({ code, unit = '' }) {
  return signs[code] ?? unit
}
