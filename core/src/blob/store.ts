import type { Readable } from 'node:stream'

/** Immutable bytes by key, in a folder or in S3. Keys are `/`-separated, `[a-z0-9._/-]`, with no empty or dot segment. */
export type BlobStore = {
  /**
   * Writes durably (fsynced file and folder, or an acknowledged PUT). Writing the same bytes again does nothing;
   * other bytes under an existing key throw `conflict`.
   */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Replaces what is there (checkpoints, partial tiles); still atomic and durable. */
  replace(key: string, bytes: Uint8Array): Promise<void>
  /** Streams in bounded memory; returns size and SHA-256 (hex) of what was written. */
  putStream(key: string, source: Readable): Promise<{ size: number; sha256: string }>
  /** The bytes, or undefined where there are none. */
  get(key: string): Promise<Uint8Array | undefined>
  getStream(key: string, range?: { start: number; end: number }): Promise<Readable | undefined>
  /** Destroys; used by erasure and retention only. Absent keys are no error. */
  delete(key: string): Promise<void>
  list(prefix: string): AsyncIterable<string>
}
