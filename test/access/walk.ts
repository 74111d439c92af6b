import type { Clinic, Reply } from './clinic.ts'

export interface Walked {
  readonly status: number
  /** `Type/id` in the order of the answer, all pages. */
  readonly matches: readonly string[]
  /** Of each page, sorted. */
  readonly included: readonly string[]
  readonly total: number | undefined
  /** What the outcome entries say, and the sentence of a refusal. */
  readonly says: string
  readonly text: string
  readonly links: readonly string[]
}

interface Bundle {
  readonly resourceType: string
  readonly total?: number
  readonly link?: readonly { readonly relation: string; readonly url: string }[]
  readonly entry?: readonly {
    readonly fullUrl?: string
    readonly resource: { readonly resourceType: string; readonly id: string }
    readonly search: { readonly mode: string }
  }[]
  readonly issue?: readonly { readonly details: { readonly text: string } }[]
}

/** Follows a search through all its pages. */
export async function walk(clinic: Clinic, practice: string, path: string, token: string): Promise<Walked> {
  let at: string | undefined = path
  const pages: { bundle: Bundle; reply: Reply }[] = []
  while (at !== undefined) {
    const reply = await clinic.get(practice, at, token)
    const bundle = JSON.parse(reply.text) as Bundle
    pages.push({ bundle, reply })
    if (pages.length > 60) throw new Error(`${path} has no end`)
    at = bundle.link?.find(({ relation }) => relation === 'next')?.url
  }
  const entries = pages.flatMap(({ bundle }) => bundle.entry ?? [])
  const names = (mode: string) =>
    entries
      .filter(({ search }) => search.mode === mode)
      .map(({ resource }) => `${resource.resourceType}/${resource.id}`)
  const told = [
    ...entries.filter(({ search }) => search.mode === 'outcome').map(({ resource }) => resource),
    ...pages.map(({ bundle }) => bundle),
  ]
  return {
    status: pages.at(-1)?.reply.status ?? 0,
    matches: names('match'),
    included: names('include').sort(),
    total: pages[0]?.bundle.total,
    says: told
      .flatMap((outcome) => (outcome as Bundle).issue ?? [])
      .map(({ details }) => details.text)
      .join('; '),
    text: pages.map(({ reply }) => reply.text).join('\n'),
    links: pages.flatMap(({ bundle }) => bundle.link ?? []).map(({ url }) => url),
  }
}
