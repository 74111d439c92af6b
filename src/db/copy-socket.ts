import { Socket } from 'node:net'

/** As much as PostgreSQL sends at once over a local socket. */
const bufferBytes = 256 * 1024

/**
 * A socket that reads into one buffer again and again: an export reads gigabytes, and a buffer for each piece of them keeps
 * the garbage collector busy for a third of the time. https://nodejs.org/api/net.html#new-netsocketoptions
 */
export class CopySocket extends Socket {
  /** What listeners of `data` are given is overwritten afterwards. */
  isShared = false

  static make(): CopySocket {
    const socket: CopySocket = new CopySocket({
      onread: {
        buffer: Buffer.allocUnsafeSlow(bufferBytes),
        callback: (length, buffer) => socket.#tell(Buffer.from(buffer.buffer, buffer.byteOffset, length)),
      },
    })
    return socket
  }

  #tell(bytes: Buffer): boolean {
    this.emit('data', this.isShared ? bytes : Buffer.from(bytes))
    return true
  }
}
