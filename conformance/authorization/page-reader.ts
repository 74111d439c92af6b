/** What is in our pages, read as a browser without scripts would. */

export type Fields = readonly (readonly [name: string, value: string])[]

export interface FormIn {
  readonly action: string
  /** What it posts as `step`. */
  readonly step: string | undefined
  /** What a browser would post as it stands: hidden fields, ticked boxes, filled inputs. */
  readonly fields: Fields
  /** Every value that the boxes and radios of a name have, ticked or not. */
  choices(name: string): readonly string[]
}

export function formsIn(body: string): readonly FormIn[] {
  return [...body.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', inner = '']) => {
    const inputs = [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, attributes = '']) => ({
      name: attribute(attributes, 'name'),
      value: attribute(attributes, 'value') ?? '',
      isChoice: /^(checkbox|radio)$/.test(attribute(attributes, 'type') ?? ''),
      isChecked: /\schecked\b/.test(attributes),
    }))
    const fields = inputs.flatMap(
      ({ name, value, isChoice, isChecked }): Fields =>
        name === undefined || (isChoice && !isChecked) ? [] : [[name, value]],
    )
    return {
      action: attribute(head, 'action') ?? '',
      step: fields.find(([name]) => name === 'step')?.[1],
      fields,
      choices: (name) => inputs.flatMap((input) => (input.isChoice && input.name === name ? [input.value] : [])),
    }
  })
}

/** What the page says, for a sentence about what went wrong. */
export function textOf(body: string): string {
  const shown = body.replace(/<(style|title)>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ')
  return decoded(shown.replace(/\s+/g, ' ')).trim()
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(text)?.[1]
  return value === undefined ? undefined : decoded(value)
}

function decoded(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '')
}
