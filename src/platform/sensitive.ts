export type HiddenFrom = 'guardians-of-minors' | 'provider-apps' | 'system-apps' | 'exports'

/** A label of meta.security and those from whom it hides what it is on. */
export interface SensitiveLabel {
  /** `system|code` */
  readonly label: string
  readonly hiddenFrom: readonly HiddenFrom[]
  /** Age in years from which guardians of minors see it no longer. */
  readonly fromAge?: number
}

const audiences: readonly HiddenFrom[] = ['guardians-of-minors', 'provider-apps', 'system-apps', 'exports']

export const sensitiveForm = `SYSTEM|CODE=AUDIENCES, several parted by ";", where AUDIENCES are ${audiences.join(
  ', ',
)}, parted by commas, the first with an age such as guardians-of-minors@12`

/** `http://…|R=guardians-of-minors@12,exports; …`; undefined when the text has another form. */
export function readSensitive(text: string): readonly SensitiveLabel[] | undefined {
  const labels = text
    .split(';')
    .filter((entry) => entry.trim() !== '')
    .map(readEntry)
  return labels.every((label) => label !== undefined) ? labels : undefined
}

function readEntry(entry: string): SensitiveLabel | undefined {
  const [, label, names = ''] = /^\s*([^\s|]+\|[^\s|=]+)=(\S+)\s*$/.exec(entry) ?? []
  if (label === undefined) return undefined
  const ages = names.split(',').map((name) => /^([a-z-]+?)(?:@(\d{1,2}))?$/.exec(name) ?? [])
  const hiddenFrom = ages.map(([, name]) => audiences.find((audience) => audience === name))
  if (!hiddenFrom.every((name) => name !== undefined)) return undefined
  const aged = ages.filter(([, , age]) => age !== undefined)
  if (aged.some(([, name]) => name !== 'guardians-of-minors')) return undefined
  const fromAge = aged[0]?.[2]
  return fromAge === undefined ? { label, hiddenFrom } : { label, hiddenFrom, fromAge: Number(fromAge) }
}
