import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { AvouchError } from '../../errors.ts'

const label = z.string().min(1).max(200)
const path = z.string().max(4096).refine(isAbsolute, 'must be an absolute path')

const schema = z
  .strictObject({
    /** Which token, by label or serial number. */
    token: label.optional(),
    serial: label.optional(),
    /** The key's label (CKA_LABEL) or id (CKA_ID). */
    object: label.optional(),
    id: label.optional(),
    type: z.enum(['secret-key', 'private']).optional(),
    'module-path': path,
    /** A file of mode 0600 that holds the user's PIN and nothing else. */
    'pin-source': path,
  })
  .refine(({ token, serial }) => token !== undefined || serial !== undefined, 'names no token')
  .refine(({ object, id }) => object !== undefined || id !== undefined, 'names no object')

export type Pkcs11Place = z.infer<typeof schema>

/**
 * Reads a PKCS#11 URI (RFC 7512): `pkcs11:token=…;object=…?module-path=/…&pin-source=file:/…`. `where` is what names it.
 * Throws `config` for any other, for attributes unknown here, for another type of key than is wanted, and for a PIN written
 * into it: configuration is no place for secrets.
 */
export function readPkcs11Uri(uri: string, where: string, wanted: Pkcs11Place['type']): Pkcs11Place {
  const refuse = (why: string): AvouchError =>
    new AvouchError('config', `${where} is no PKCS#11 address that can be used: ${why}`, {
      where,
      fix: 'Write pkcs11:token=LABEL;object=LABEL?module-path=/path/to/module.so&pin-source=file:/path/to/pin',
    })
  if (!uri.startsWith('pkcs11:') || uri.length > 4096) throw refuse('it does not begin with pkcs11:')
  const [head, query, ...more] = uri.slice('pkcs11:'.length).split('?')
  if (more.length > 0) throw refuse('it holds more than one "?"')
  const found: Record<string, string> = {}
  for (const pair of [...head!.split(';'), ...(query ?? '').split('&')].filter((it) => it !== '')) {
    const [name, value, ...rest] = pair.split('=')
    if (name === 'pin-value') throw refuse('a PIN stands in it; name a file with pin-source instead')
    if (!name || value === undefined || rest.length > 0) throw refuse('an attribute has no value')
    if (Object.hasOwn(found, name)) throw refuse(`"${name.slice(0, 40)}" stands in it twice`)
    const text = decode(value)
    if (text === undefined) throw refuse(`the value of "${name.slice(0, 40)}" is not percent-encoded UTF-8`)
    found[name] = name === 'pin-source' ? text.replace(/^file:(?:\/\/)?(?=\/)/, '') : text
  }
  const parsed = schema.safeParse(found)
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0]!
    throw refuse(at.length > 0 ? `${String(at[0])}: ${message}` : message)
  }
  if (parsed.data.type !== undefined && parsed.data.type !== wanted)
    throw refuse(`it names a ${parsed.data.type}, and a ${wanted} is wanted`)
  return parsed.data
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
