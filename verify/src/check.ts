import { VerifyError } from './errors.ts'

/** One thing that was checked. `detail` is a sentence: what held, or what did not. */
export type Check = {
  /** What was checked: `checkpoint`, `figure breach-rate`, `evidence 0190…: inclusion`. */
  name: string
  ok: boolean
  detail: string
  /** The id of the figure this check is about. */
  figure?: string
  /** An attested figure rests on someone's word and is not recomputed: it is to look different. */
  attested?: true
}

/**
 * Runs one check and notes how it went; answers what it found, or undefined where it did not hold. An error that is
 * not about what was checked (no WebCrypto, a defect) goes on to the caller.
 */
export async function check<T>(
  checks: Check[],
  name: string,
  run: () => Promise<T> | T,
  detail: (found: T) => string,
  about: Pick<Check, 'figure' | 'attested'> = {},
): Promise<T | undefined> {
  try {
    const found = await run()
    checks.push({ name, ok: true, detail: detail(found), ...about })
    return found
  } catch (error) {
    if (!(error instanceof VerifyError) || error.code === 'no-webcrypto') throw error
    checks.push({ name, ok: false, detail: error.message, ...about })
    return undefined
  }
}
