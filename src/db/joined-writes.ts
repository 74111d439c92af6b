import { Socket } from 'node:net'

/** A socket that sends what is written within one turn of the event loop at once: one system call, one process woken. */
export class JoinedWrites extends Socket {
  #isJoining = false

  // biome-ignore lint/suspicious/noExplicitAny: the arguments of every form of `write`
  override write(...written: [any, any?, any?]): boolean {
    if (!this.#isJoining) {
      this.#isJoining = true
      this.cork()
      process.nextTick(() => {
        this.#isJoining = false
        this.uncork()
      })
    }
    return super.write(...written)
  }
}
