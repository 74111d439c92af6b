import { type Content, html, type Markup } from './html.ts'

/** What is wrong with a field, or (without one) with the form as a whole. */
export interface FieldError {
  readonly field?: string
  readonly sentence: string
}

export interface FieldParts {
  readonly name: string
  readonly label: string
  readonly value?: string | undefined
  readonly type?: 'text' | 'password' | 'date' | 'search'
  readonly hint?: string
  readonly autocomplete?: string
  readonly isRequired?: boolean
  readonly min?: string
  readonly max?: string
  readonly errors?: readonly FieldError[]
}

/** A labelled input; what is wrong with it stands beside it and is read with it. */
export function field(parts: FieldParts): Markup {
  const {
    name,
    label,
    value = '',
    type = 'text',
    hint,
    autocomplete = 'off',
    isRequired,
    min,
    max,
    errors = [],
  } = parts
  const error = errors.find((each) => each.field === name)
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter((id) => id !== undefined).join(' ')
  return html`<p class="field">
<label for="${name}">${label}</label>
${hint !== undefined && html`<span class="hint" id="${name}-hint">${hint}</span>`}
${error && html`<span class="error" id="${name}-error">${error.sentence}</span>`}
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${attribute('min', min)}${attribute('max', max)}${isRequired && html` required`}${attribute('aria-describedby', described || undefined)}${error && html` aria-invalid="true"`}${(type === 'text' || type === 'search') && html` autocapitalize="none" spellcheck="false"`}>
</p>`
}

function attribute(name: string, value: string | undefined): Content {
  return value !== undefined && html` ${name}="${value}"`
}

/** Stands above a form that was refused; each sentence leads to its field. https://www.w3.org/WAI/tutorials/forms/notifications/ */
export function errorSummary(title: string, errors: readonly FieldError[]): Content {
  if (errors.length === 0) return undefined
  const lines = errors.map(({ field: name, sentence }) => {
    return html`<li>${name === undefined ? sentence : html`<a href="#${name}">${sentence}</a>`}</li>`
  })
  return html`<section class="errors" role="alert" aria-labelledby="errors-title">
<h2 id="errors-title">${title}</h2><ul>${lines}</ul></section>`
}

export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`
}
