const newline = 10
const brace = 123

/** Counts the lines of NDJSON as they pass; blank ones are none. */
export class LineTally {
  bytes = 0
  /** Where the last line begins that has not ended. */
  lineStart = 0
  #ended = 0
  #first: number | undefined
  #last = newline

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#first ??= chunk[0]
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
      if (this.bytes + at > this.lineStart) this.#ended++
      this.lineStart = this.bytes + at + 1
    }
    this.#last = chunk[chunk.length - 1] ?? newline
    this.bytes += chunk.length
  }

  get lines(): number {
    return this.#ended + (this.endsWithNewline ? 0 : 1)
  }

  get endsWithNewline(): boolean {
    return this.#last === newline
  }

  /** An error page or a login page does not. */
  get beginsLikeJson(): boolean {
    return this.#first === undefined || this.#first === brace
  }
}
