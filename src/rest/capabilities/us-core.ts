import { usCoreTable } from '#fhir'

export const usCoreVersions: readonly string[] = Object.keys(usCoreTable())

/** Profiles of a type: the plain canonical once, and with each version that has it. */
export function supportedProfiles(type: string): readonly string[] {
  const plain = new Set<string>()
  const versioned: string[] = []
  for (const [version, types] of Object.entries(usCoreTable())) {
    for (const profile of types[type]?.profiles ?? []) {
      plain.add(profile)
      versioned.push(`${profile}|${version}`)
    }
  }
  return [...plain, ...versioned]
}

/** Parameters that US Core wants searched together, each combination once. */
export function combinations(type: string): readonly (readonly string[])[] {
  const all = Object.values(usCoreTable()).flatMap((types) => Object.values(types[type]?.combinations ?? {}).flat())
  return [...new Set(all)].sort().map((combination) => combination.split('+'))
}

/** Includes that US Core writes with the type that they lead to: `CareTeam:participant:Practitioner`. */
export function includesByTarget(type: string): readonly string[] {
  const all = Object.values(usCoreTable()).flatMap((types) => Object.values(types[type]?.include ?? {}).flat())
  return [...new Set(all)].filter((include) => include.split(':').length === 3).sort()
}
