import type { Dialect } from '#dialects'

/** A practice as the FHIR API sees it: where it lives, how it speaks and what it offers. */
export interface Practice {
  /** The key of its rows, tokens and links. */
  readonly number: number
  /** Its name in paths. */
  readonly id: string
  readonly name: string
  /** What its addresses begin with, from its profile and never from the Host header: `https://host/sandbox`. */
  readonly root: string
  readonly dialect: Dialect
  /** IANA name; dates without a zone are read in it. */
  readonly timeZone: string
  /** What an unknown search parameter does when the client says nothing (`Prefer: handling=`). */
  readonly handling: 'strict' | 'lenient'
  /** INT-5: searches of Patient by little more than gender are refused. */
  readonly refuseWeakPatientSearch: boolean
  /** Resources on a page when the client sends no `_count`, and the most; 50 and 1000 unless given. */
  readonly defaultCount?: number
  readonly maximumCount?: number
  /** Entries of a batch or transaction; 5000 unless given. */
  readonly maximumBundleEntries?: number
  /** The resource types that it offers; undefined: all of R4. */
  readonly types?: ReadonlySet<string>
  /** How it takes writes; undefined: it takes none. */
  readonly writes?: WriteRules
  /** Changes with any setting, so that what was computed from them (the CapabilityStatement) can be kept until then. */
  readonly revision: string
}

export interface WriteRules {
  readonly validation: 'off' | 'structural' | 'warn' | 'strict'
  /** What is done with a reference to a resource that is not here. */
  readonly references: 'accept' | 'warn' | 'refuse'
  /** PUT creates under an id that is not there. */
  readonly updateCreates: boolean
  readonly deleteReferenced: 'allow' | 'refuse'
  /** Every write makes a Provenance. */
  readonly provenance: boolean
}

/** Looks practices up; at once when it is known, so that nothing waits on the way to a read. */
export interface Practices {
  named(id: string): Practice | undefined | Promise<Practice | undefined>
  /** The practice that has this host name of its own. */
  atHost(host: string): Practice | undefined
}
