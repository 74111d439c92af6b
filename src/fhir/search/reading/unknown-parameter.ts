import { Problem } from '#lib'
import { searchParametersOf } from '../registry.ts'
import { nearest } from './nearest.ts'

/** Lenient handling leaves such a parameter out; strict handling answers this. */
export class UnknownParameter extends Problem {
  constructor(type: string, code: string, asked: string) {
    const known = [...searchParametersOf(type).keys()]
    const meant = nearest(code, known)
    const question = meant ? `, did you mean "${meant}"?` : ';'
    super(
      'incorrect',
      `Cannot search ${type} by "${code}": there is no such parameter${question} ${type} has ${known.join(', ')}`,
      {
        expression: asked,
      },
    )
  }
}
