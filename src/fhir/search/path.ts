import { type Expression, parseExpression } from './expression.ts'

/** A step from some values to others. */
export type Step =
  | { readonly kind: 'element'; readonly name: string; readonly index?: number }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'where'; readonly test: Test }
  /** The whole expression is a test: its answer is the value. */
  | { readonly kind: 'answer'; readonly test: Test }

/** Something that is true or false of one value; paths in it start at that value. */
export type Test =
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'exists'; readonly path: readonly Step[] }
  | { readonly kind: 'equals' | 'differs'; readonly path: readonly Step[]; readonly value: string | number | boolean }

export interface Path {
  /** The type it starts from; undefined for paths relative to an element. */
  readonly root?: string
  readonly steps: readonly Step[]
  /** `where(resolve() is X)` at the end. */
  readonly onlyTarget?: string
}

/** The alternatives of an expression, each a path of its own. */
export function pathsOf(text: string): Path[] {
  return alternatives(parseExpression(text), text)
}

function alternatives(expression: Expression, text: string): Path[] {
  const extend = (on: Expression | undefined, ...steps: Step[]) => {
    const before: Path[] = on ? alternatives(on, text) : [{ steps: [] }]
    return before.map((path) => ({ ...path, steps: [...path.steps, ...steps] }))
  }
  switch (expression.kind) {
    case 'binary':
      if (expression.operator !== '|') return [answer(expression)]
      return [...alternatives(expression.left, text), ...alternatives(expression.right, text)]
    case 'member':
      if (expression.on) return extend(expression.on, { kind: 'element', name: expression.name })
      return [start(expression.name)]
    case 'type':
      if (expression.operator === 'as') return extend(expression.on, { kind: 'type', type: expression.type })
      break
    case 'index':
      return alternatives(expression.on, text).map((path) => withIndex(path, expression.index))
    case 'call':
      if (expression.name === 'exists') return [answer(expression)]
      if (isTargetFilter(expression)) return filterTargets(alternatives(expression.on ?? expression, text), expression)
      return extend(expression.on, ...callSteps(expression, text))
  }
  throw new TypeError(`Cannot compile "${text}": ${expression.kind} is not understood here`)
}

/** A type name starts a path from the root, anything else one from an element. */
function start(name: string): Path {
  return /^[A-Z]/.test(name) ? { root: name, steps: [] } : { steps: [{ kind: 'element', name }] }
}

type Call = Extract<Expression, { kind: 'call' }>

function callSteps({ name, given: [argument] }: Call, text: string): Step[] {
  if (argument && (name === 'as' || name === 'ofType')) return [{ kind: 'type', type: nameOf(argument) }]
  if (argument && name === 'where') return [{ kind: 'where', test: testOf(argument) }]
  if (argument?.kind === 'literal' && name === 'extension') return extensionSteps(argument.value)
  throw new TypeError(`Cannot compile "${text}": ${name}() is not understood`)
}

function extensionSteps(value: string | number | boolean): Step[] {
  const test: Test = { kind: 'equals', path: [{ kind: 'element', name: 'url' }], value }
  return [
    { kind: 'element', name: 'extension' },
    { kind: 'where', test },
  ]
}

function isTargetFilter({ name, given: [test] }: Call) {
  if (name !== 'where' || test?.kind !== 'type' || test.operator !== 'is') return false
  return test.on.kind === 'call' && test.on.name === 'resolve'
}

function filterTargets(paths: Path[], { given: [test] }: Call): Path[] {
  const onlyTarget = test?.kind === 'type' ? test.type : ''
  return paths.map((path) => ({ ...path, onlyTarget }))
}

function withIndex(path: Path, index: number): Path {
  const last = path.steps.at(-1)
  if (last?.kind !== 'element') throw new TypeError('An index follows the name of an element')
  return { ...path, steps: [...path.steps.slice(0, -1), { ...last, index }] }
}

function answer(expression: Expression): Path {
  const root = rootOf(expression)
  return { ...(root && { root }), steps: [{ kind: 'answer', test: testOf(expression) }] }
}

function rootOf(expression: Expression): string | undefined {
  if (expression.kind === 'binary') return rootOf(expression.left)
  if (expression.kind === 'literal') return undefined
  if (expression.on) return rootOf(expression.on)
  return expression.kind === 'member' ? start(expression.name).root : undefined
}

function testOf(expression: Expression): Test {
  if (expression.kind === 'binary') {
    const { operator, left, right } = expression
    if (operator === 'and' || operator === 'or') return { kind: operator, left: testOf(left), right: testOf(right) }
    if (right.kind === 'literal') {
      return { kind: operator === '=' ? 'equals' : 'differs', path: relative(left), value: right.value }
    }
  }
  if (expression.kind === 'call' && expression.name === 'exists' && expression.on) {
    return { kind: 'exists', path: relative(expression.on) }
  }
  if (expression.kind === 'call' && expression.name === 'hasExtension' && expression.given[0]?.kind === 'literal') {
    return { kind: 'exists', path: extensionSteps(expression.given[0].value) }
  }
  throw new TypeError(`Cannot compile a test: ${expression.kind} is not understood there`)
}

/** A path inside a test; the type that it may start with is the value tested. */
function relative(expression: Expression): readonly Step[] {
  const [path] = alternatives(expression, 'a test')
  return path?.steps ?? []
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'member' && !expression.on) return expression.name
  throw new TypeError('The name of a type is expected')
}

/** One spelling for each path, whichever way the expression wrote it. */
export function pathText({ root, steps }: Path): string {
  const [first] = steps
  if (first?.kind === 'answer') return testText(first.test, root)
  return stepsText(steps, root)
}

function stepsText(steps: readonly Step[], root?: string): string {
  const text = steps.map(stepText).join('.')
  return root === undefined ? text : text === '' ? root : `${root}.${text}`
}

function stepText(step: Step): string {
  switch (step.kind) {
    case 'element':
      return step.index === undefined ? step.name : `${step.name}[${step.index}]`
    case 'type':
      return `ofType(${step.type})`
    case 'where':
      return `where(${testText(step.test)})`
    case 'answer':
      return testText(step.test)
  }
}

function testText(test: Test, root?: string): string {
  if ('left' in test) {
    return `${testText(test.left, root)} ${test.kind} ${testText(test.right, root)}`
  }
  const path = stepsText(test.path, root)
  if (test.kind === 'exists') return `${path}.exists()`
  const value = typeof test.value === 'string' ? `'${test.value}'` : String(test.value)
  return `${path} ${test.kind === 'equals' ? '=' : '!='} ${value}`
}
