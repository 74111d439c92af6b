import { readFileSync } from 'node:fs'

const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const

/** What the browser loads; the script begins at `main.js`. */
const names = [
  'main.js',
  'sign-in.js',
  'read-chart.js',
  'show-chart.js',
  'line-chart.js',
  'vital-signs.js',
  'elements.js',
  'style.css',
] as const

export type FileName = (typeof names)[number]

export interface BrowserFile {
  readonly name: FileName
  readonly type: string
  readonly text: string
}

export const files: readonly BrowserFile[] = names.map((name) => ({
  name,
  type: types[name.endsWith('.js') ? 'js' : 'css'],
  text: readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8'),
}))

/** Shown on the page as it runs. */
export function sourceOf(name: FileName): string {
  return files.find((file) => file.name === name)?.text.trimEnd() ?? ''
}
