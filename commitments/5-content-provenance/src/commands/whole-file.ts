import { open, rename, rm } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'

/** A file that comes into being whole or not at all; what stood under its name stays until then. */
export type WholeFile = {
  /** Writes all of it, and gives it its name. */
  write(bytes: Uint8Array): Promise<void>
  /** To be called in any case: removes what was left unfinished. */
  close(): Promise<void>
}

/** Opens one, so that a place that cannot be written is found before the work. Throws `input` or `disk`. */
export async function openWhole(path: string): Promise<WholeFile> {
  const partial = `${path}.${process.pid}.partial`
  const asOurs = (cause: NodeJS.ErrnoException): AvouchError =>
    new AvouchError(
      cause.code === 'ENOENT' || cause.code === 'EISDIR' || cause.code === 'ENOTDIR' ? 'input' : 'disk',
      `the file cannot be written: ${cause.code}`,
      { where: path, fix: 'Name a file in a folder that is there and may be written.', cause },
    )
  const file = await open(partial, 'wx', 0o666).catch((cause: NodeJS.ErrnoException) => {
    throw asOurs(cause)
  })
  return {
    async write(bytes) {
      try {
        await file.writeFile(bytes)
        await file.sync()
        await rename(partial, path)
      } catch (cause) {
        throw asOurs(cause as NodeJS.ErrnoException)
      }
    },
    async close() {
      await file.close()
      await rm(partial, { force: true })
    },
  }
}
