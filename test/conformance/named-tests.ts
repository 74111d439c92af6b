/** Tests that a page names, as `file` › `name`, and those that a file has. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

export type NamedTest = readonly [file: string, name: string]

export function pageOf(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

export function namedIn(text: string): readonly NamedTest[] {
  return [...text.matchAll(/`([^`]+)` › `([^`]+)`/g)].map(([, file = '', name = '']) => [file, name] as const)
}

const names = new Map<string, readonly string[]>()

function testsIn(file: string): readonly string[] {
  const text = readFileSync(new URL(file, root), 'utf8')
  const found =
    names.get(file) ?? [...text.matchAll(/\btest\(\s*(['"`])((?:(?!\1).)*?)\1,/gs)].map(([, , name = '']) => name)
  names.set(file, found)
  return found
}

export function assertThere([file, name]: NamedTest) {
  assert.ok(existsSync(new URL(file, root)), file)
  // a page has no backticks within names
  assert.ok(
    testsIn(file).some((each) => each.replaceAll('`', "'") === name),
    `${file} has no test "${name}"`,
  )
}
