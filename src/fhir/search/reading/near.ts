import type { Value } from '../query.ts'
import { splitAt } from './escapes.ts'
import { type Place, refuse } from './place.ts'

const kilometresPer: Readonly<Record<string, number>> = {
  km: 1,
  m: 0.001,
  '[mi_us]': 1.609347,
  '[mi_i]': 1.609344,
  '[nmi_i]': 1.852,
  '[ft_i]': 0.0003048,
}

/** https://hl7.org/fhir/R4/location.html#positional: latitude|longitude|distance|units; 50 km unless said otherwise. */
export function readNear(text: string, place: Place): Value {
  const [latitude, longitude, distance = 50] = splitAt('|', text).map((part) =>
    part === '' ? undefined : Number(part),
  )
  const unit = splitAt('|', text)[3] || 'km'
  const factor = kilometresPer[unit]
  if (!factor) refuse(place, `"${unit}" is not a unit of length: there are ${Object.keys(kilometresPer).join(', ')}`)
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180) || !(distance >= 0)) {
    refuse(place, `"${text}" is not a position: write latitude|longitude|distance|units`)
  }
  return { kind: 'near', latitude, longitude, kilometres: distance * factor }
}

function isWithin(degrees: number | undefined, limit: number): degrees is number {
  return degrees !== undefined && Math.abs(degrees) <= limit
}
