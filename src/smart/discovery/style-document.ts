/** How an app can look as if it belonged here. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#smart_style_url */
import { hash } from 'node:crypto'
import type { Practice } from '#http'

export const styleDocument = {
  color_background: '#ffffff',
  color_error: '#9b2226',
  color_highlight: '#0b5cad',
  color_modal_backdrop: 'rgba(20, 30, 40, 0.5)',
  color_success: '#23693d',
  color_text: '#1c2733',
  dim_border_radius: '6px',
  dim_font_size: '16px',
  dim_spacing_size: '16px',
  font_family_body: 'system-ui, sans-serif',
  font_family_heading: 'system-ui, sans-serif',
}

/** A18: another document has another address. */
export const stylePath = `/auth/style-${hash('sha256', JSON.stringify(styleDocument), 'hex').slice(0, 12)}.json`

export function styleUrl({ root }: Practice): string {
  return root + stylePath
}
