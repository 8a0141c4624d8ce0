import { createHash } from 'node:crypto'
import { openRegular } from '../regular-file.ts'
import { asAvouch } from './lines.ts'

/** SHA-256 (hex) of a file as it stands, packed or not. Throws `input` or `disk`. */
export async function digestOfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    const file = await openRegular(path)
    for await (const chunk of file.createReadStream({ highWaterMark: 1_048_576 })) {
      signal?.throwIfAborted()
      hash.update(chunk as Buffer)
    }
  } catch (error) {
    throw asAvouch(error, path)
  }
  return hash.digest('hex')
}
