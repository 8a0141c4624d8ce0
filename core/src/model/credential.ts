import { AvouchError } from '../errors.ts'
import type { TargetSpec } from './target.ts'

/**
 * The key named by `spec.keyVariable`, from the environment given. Throws `config` where the variable is empty or holds
 * what a header cannot carry; the message names the variable, never its value.
 */
export function credential(
  spec: Pick<TargetSpec, 'keyVariable'>,
  env: Record<string, string | undefined>,
): string | undefined {
  const name = spec.keyVariable
  if (name === undefined) return undefined
  const key = env[name]?.trim()
  if (!key)
    throw new AvouchError(
      'config',
      `The environment variable ${name} is not set, but the target takes its key from it`,
      {
        where: name,
        fix: `Set ${name} to the service's key, or leave keyVariable out of the target if the service needs none.`,
      },
    )
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new AvouchError('config', `The environment variable ${name} holds characters that no key has`, {
      where: name,
      fix: 'Set it to the key alone: no spaces, no line breaks, ASCII only.',
    })
  return key
}

/**
 * The bytes with every occurrence of the key overwritten by `*`: a service may echo what it was sent. The very same
 * bytes where there is none, which is nearly always.
 */
export function hideKey(bytes: Uint8Array, key: string | undefined): Uint8Array {
  // A key this short would blank out parts of ordinary answers; such a key protects nothing.
  if (key === undefined || key.length < 8) return bytes
  let at = viewOf(bytes).indexOf(key, 0, 'latin1')
  if (at === -1) return bytes
  const copy = Buffer.from(bytes)
  for (; at !== -1; at = copy.indexOf(key, at + key.length, 'latin1')) copy.fill('*', at, at + key.length)
  return copy
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
