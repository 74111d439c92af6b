import type { Readable } from 'node:stream'

/**
 * The files of the installation, on local disk or in S3-compatible storage.
 * Names are `folder/…/name`, each part of letters, digits, dots, hyphens and underscores.
 */
export interface FileStore {
  /** Begins a file; nothing can be read of it before finish(). A second writer of the same name replaces it when it finishes. */
  create(name: string): Promise<FileWriter>
  /**
   * Bytes [start, end) of a file, or all of it, and the size of the whole; undefined where there is none.
   * The stream may be destroyed at any time. On disk, a file that is removed while it is read is read to its end.
   */
  open(name: string, range?: ByteRange): Promise<OpenFile | undefined>
  /** Removes every file below `folder`, unfinished ones too; none is no failure. */
  removeFolder(folder: string): Promise<void>
  close(): Promise<void>
}

export interface FileWriter {
  /** Resolves when the caller may use the bytes for something else. */
  write(bytes: Buffer): Promise<void>
  /** The file lies complete, and stays so when the machine loses its power. */
  finish(): Promise<{ size: number }>
  /** Nothing is left of the file; also after a failed write() or finish(). */
  abort(): Promise<void>
}

/** A part that reaches over the end of the file ends with it. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface OpenFile {
  /** Of the whole file, whatever part is read. */
  readonly size: number
  readonly stream: Readable
}

/** A store with the files by which processes know it as theirs (`marker.ts`). */
export interface MarkedStore extends FileStore {
  /** For sentences: the folder, or the bucket and where it is. */
  readonly place: string
  /** Whether no file is in it, markers aside. */
  isEmpty(): Promise<boolean>
  markers(): Promise<readonly string[]>
  putMarker(marker: string): Promise<void>
  removeMarker(marker: string): Promise<void>
}
