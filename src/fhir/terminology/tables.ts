/** Code systems and value sets in compact form, as `definitions/terminology.json` holds them. */

/** Code, display (left out when it says the same), and the indexes of its parents in the list of its system. */
export type Concept = string | readonly [code: string, display?: string, ...parents: number[]]

export interface Part {
  readonly system?: string
  /** Without codes, filters and sets the part is the whole system. */
  readonly codes?: readonly (string | readonly [code: string, display: string])[]
  readonly filters?: readonly (readonly [property: string, operator: string, value: string])[]
  /** Canonical URLs of value sets; a code must be in each of them. */
  readonly sets?: readonly string[]
}

export interface ValueSetRule {
  readonly include: readonly Part[]
  readonly exclude?: readonly Part[]
}

/** Computer name, and the versions that say what stands under the URL, the newest last. */
export type Title = readonly [name: string, ...versions: string[]]

export interface TerminologyTables {
  readonly codeSystems: Readonly<Record<string, readonly Concept[]>>
  /** By URL; each older version that differs from the newest stands under `url|version`. */
  readonly valueSets: Readonly<Record<string, ValueSetRule>>
  /** By URL as what they are titles of. */
  readonly codeSystemTitles?: Readonly<Record<string, Title>>
  readonly valueSetTitles?: Readonly<Record<string, Title>>
}
