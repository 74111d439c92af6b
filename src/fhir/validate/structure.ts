import { isResourceType } from '../model/resource-types.ts'
import { resourceCheck } from './objects.ts'
import { type Fault, Walk } from './walk.ts'

/**
 * What breaks R4's structure in a resource: unknown members, JSON shapes, formats, cardinality, choices and the codes
 * of required value sets; no profiles and no invariants. An empty list means that it is right.
 */
export function validateStructure(resource: unknown): readonly Fault[] {
  const walk = new Walk()
  walk.enter(rootOf(resource))
  resourceCheck(resource, walk)
  return walk.faults
}

function rootOf(resource: unknown): string {
  const type = (resource as { resourceType?: unknown } | null | undefined)?.resourceType
  return isResourceType(type) ? type : '%resource'
}
