import { isResourceType, resourceTypes } from '../../model/resource-types.ts'
import type { Include } from '../query.ts'
import { searchParametersOf } from '../registry.ts'
import { referenceOf } from './conditions.ts'
import { refuseControl } from './controls.ts'

/** https://hl7.org/fhir/R4/search.html#revinclude: `Type:parameter`, `Type:parameter:Target`, `Type:*` and `*`. */
export function readIncludes(name: string, value: string, types: readonly string[]): Include[] {
  const [control, modifier] = name.split(':')
  const reverse = control === '_revinclude'
  // "recurse" is what earlier versions of FHIR called it.
  const iterate = modifier === 'iterate' || modifier === 'recurse'
  if (modifier !== undefined && !iterate) refuseControl(name, `it takes :iterate, not ":${modifier}"`)
  if (value === '*') return everything(reverse, types).map((type) => ({ reverse, type, iterate }))

  const [type = '', code, target, ...rest] = value.split(':')
  if (!isResourceType(type)) refuseControl(name, `"${type}" is not a resource type; write Type:parameter`)
  if (!code || rest.length > 0) refuseControl(name, `"${value}" is not of the form Type:parameter:Target`)
  const onlyTarget = target ? { onlyTarget: target } : {}
  if (code === '*') return [{ reverse, type, iterate, ...onlyTarget }]
  const parameter = referenceOf(type, code, name)
  if (target && !parameter.targets.includes(target)) refuseControl(name, `${type}:${code} does not lead to "${target}"`)
  if (reverse && !iterate && !parameter.targets.some((each) => types.includes(each))) {
    refuseControl(name, `${type}:${code} does not lead to ${types.join(' or ')}`)
  }
  return [{ reverse, type, parameter, iterate, ...onlyTarget }]
}

/** Forward: what the matches refer to. Reverse: each type that has a reference to one of them. */
function everything(reverse: boolean, types: readonly string[]): readonly string[] {
  if (!reverse) return types
  return resourceTypes.filter((type) =>
    [...searchParametersOf(type).values()].some(({ targets }) => targets.some((target) => types.includes(target))),
  )
}
