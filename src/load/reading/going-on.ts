import { createHash } from 'node:crypto'
import type { NumberedText, NumberedTexts } from './texts.ts'

/** How far the reading of a stream of lines has come; plain JSON. */
export interface LinesPlace {
  readonly line: number
  /** Of all texts up to there. */
  readonly digest: string
}

/** A reading of lines that goes on behind a place, if what comes before is what came before that time. */
export interface GoingOn {
  /** The texts of the next chunk that lie behind the place; undefined: what lies before is something else now. */
  behind(chunk: NumberedTexts): readonly NumberedText[] | undefined
  /** Whether it has come farther than the place. */
  readonly isBehind: boolean
  /** After the chunks that were given so far. */
  readonly place: LinesPlace
}

export function goingOn(from: LinesPlace = { line: 0, digest: '' }): GoingOn {
  const hash = createHash('sha256')
  let line = 0
  const place = () => ({ line, digest: hash.copy().digest('base64url') })
  const note = ({ bytes }: NumberedText) => hash.update(bytes instanceof Buffer ? bytes : `${bytes.length} bytes`)
  return {
    behind({ texts, lastLine }) {
      const first = texts.findIndex((text) => text.place.line > from.line)
      const before = first < 0 ? texts.length : first
      for (const text of texts.slice(0, before)) note(text)
      const reachesIt = line < from.line && lastLine >= from.line
      if (reachesIt && place().digest !== from.digest) return undefined
      const behind = texts.slice(before)
      for (const text of behind) note(text)
      line = lastLine
      return behind
    },
    get isBehind() {
      return line > from.line
    },
    get place() {
      return place()
    },
  }
}
