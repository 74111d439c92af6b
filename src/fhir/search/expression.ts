/**
 * The grammar of search expressions: the part of FHIRPath that paths, filters and tests of search parameters are made of.
 * https://hl7.org/fhirpath/N1/grammar.html
 */

export type Expression =
  | { readonly kind: 'member'; readonly on?: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly on?: Expression; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'index'; readonly on: Expression; readonly index: number }
  | { readonly kind: 'type'; readonly on: Expression; readonly operator: 'as' | 'is'; readonly type: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }

/** Loosest first. */
const levels: readonly (readonly string[])[] = [['or'], ['and'], ['=', '!='], ['|']]

export function parseExpression(text: string): Expression {
  const tokens = text.match(/'(?:[^'\\]|\\.)*'|%?[A-Za-z_]\w*|\d+|!=|[=|().,[\]]|\S/g) ?? []
  let at = 0

  const peek = () => tokens[at]
  const take = () => tokens[at++] ?? ''
  const expect = (wanted: string) => {
    const found = take()
    if (found !== wanted) throw new TypeError(`Cannot compile "${text}": "${wanted}" is expected, found "${found}"`)
  }

  function binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return typed()
    let left = binary(level + 1)
    while (operators.includes(peek() ?? '')) left = { kind: 'binary', operator: take(), left, right: binary(level + 1) }
    return left
  }

  function typed(): Expression {
    let on = postfix()
    for (let next = peek(); next === 'as' || next === 'is'; next = peek()) {
      take()
      on = { kind: 'type', on, operator: next, type: take() }
    }
    return on
  }

  function postfix(): Expression {
    let on = term()
    for (;;) {
      if (peek() === '.') {
        take()
        on = named(take(), on)
      } else if (peek() === '[') {
        take()
        on = { kind: 'index', on, index: Number(take()) }
        expect(']')
      } else return on
    }
  }

  function term(): Expression {
    const token = take()
    if (token === '(') {
      const inside = binary(0)
      expect(')')
      return inside
    }
    if (token.startsWith("'")) return { kind: 'literal', value: token.slice(1, -1).replaceAll(/\\(.)/g, '$1') }
    if (/^\d/.test(token)) return { kind: 'literal', value: Number(token) }
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' }
    if (!/^%?\w/.test(token)) throw new TypeError(`Cannot compile "${text}": "${token}" does not belong there`)
    return named(token)
  }

  function named(name: string, on?: Expression): Expression {
    if (peek() !== '(') return { kind: 'member', name, ...(on && { on }) }
    take()
    const given: Expression[] = []
    while (peek() !== ')') {
      given.push(binary(0))
      if (peek() === ',') take()
      else if (peek() !== ')') expect(')')
    }
    take()
    return { kind: 'call', name, given, ...(on && { on }) }
  }

  const whole = binary(0)
  if (at < tokens.length) throw new TypeError(`Cannot compile "${text}": "${peek()}" does not belong there`)
  return whole
}
