export interface Entry {
  /** Entries of one time are of equal rank; undefined: of no other's. */
  readonly time: string | undefined
  /** What it is, in any of its codings. */
  readonly keys: readonly string[]
}

interface Kind {
  readonly coding?: readonly { readonly system?: string; readonly code?: string }[]
  readonly text?: string
}

/** Codings by system and code; a kind without any by its text, to the letter. */
export function kindKeys({ coding = [], text = '' }: Kind): readonly string[] {
  const codes = coding.flatMap(({ system = '', code }) => (code === undefined ? [] : [`${system}|${code}`]))
  return codes.length > 0 ? codes : [`text ${text}`]
}

/** Of entries from the newest to the oldest the first `most` of each group, with those of the same time as the last of them. */
export function newestOfEach<One extends Entry>(entries: readonly One[], most: number): readonly One[] {
  const groups = new Groups()
  for (const { keys } of entries) groups.join(keys)
  const taken = new Map<string, { count: number; time: string | undefined }>()
  return entries.filter(({ keys: [key = ''], time }) => {
    const group = groups.of(key)
    const so = taken.get(group) ?? { count: 0, time: undefined }
    const isTaken = so.count < most || (time !== undefined && time === so.time)
    if (isTaken) taken.set(group, { count: so.count + 1, time })
    return isTaken
  })
}

/** Keys that mean the same, also by way of others. */
class Groups {
  readonly #leads = new Map<string, string>()

  join([first = '', ...others]: readonly string[]) {
    const head = this.of(first)
    for (const other of others) this.#leads.set(this.of(other), head)
  }

  of(key: string): string {
    let at = key
    for (let lead = this.#leads.get(at); lead !== undefined && lead !== at; lead = this.#leads.get(at)) at = lead
    return at
  }
}
