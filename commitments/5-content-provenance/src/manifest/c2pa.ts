import { closeSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type * as C2pa from '@contentauth/c2pa-wasm'
import type { OnDisk } from '../media/on-disk.ts'

export type { WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm'

let loaded: Promise<typeof C2pa> | undefined

/**
 * The C2PA library (c2pa-rs in WebAssembly), ready for use in this process. It is made for browsers: what it reads a `Blob`
 * by there is given to it here. It can reach nothing outside: manifests that lie elsewhere are not fetched.
 */
export function loadC2pa(): Promise<typeof C2pa> {
  loaded ??= (async () => {
    const library = await import('@contentauth/c2pa-wasm')
    const bytes = await readFile(fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm')))
    Object.assign(globalThis, { FileReaderSync: BytesReader })
    library.initSync({ module: bytes })
    return library
  })()
  return loaded
}

/** What a `Blob` that was made here reads by: bytes from one place to another. */
type Source = (from: number, to: number) => Uint8Array

const known = new WeakMap<Blob, { read: Source; from: number; to: number }>()

/** A `Blob` whose bytes the library can read at once. It holds no copy of them: a film is too large to be held twice. */
export function blobOf(bytes: Uint8Array, type: string): Blob {
  return blobBy((from, to) => bytes.subarray(from, to), { from: 0, to: bytes.length }, type)
}

/** Does something with a file as such a `Blob`, of which no more is held than what is being read. */
export async function withFileBlob<T>(
  { file, size }: OnDisk,
  type: string,
  act: (blob: Blob) => Promise<T>,
): Promise<T> {
  const handle = openSync(file, 'r')
  try {
    const read: Source = (from, to) => {
      const bytes = new Uint8Array(to - from)
      return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from))
    }
    return await act(blobBy(read, { from: 0, to: size }, type))
  } finally {
    closeSync(handle)
  }
}

function blobBy(read: Source, { from, to }: { from: number; to: number }, type: string): Blob {
  const blob = new Blob([], { type })
  known.set(blob, { read, from, to })
  Object.defineProperty(blob, 'size', { value: to - from })
  const within = (at: number): number => Math.max(from, Math.min(to, from + at))
  blob.slice = (begin = 0, end = to - from, kind = '') =>
    blobBy(read, { from: within(begin), to: within(end) }, kind)
  return blob
}

/** What browsers' workers have: `readAsArrayBuffer` that returns at once. */
class BytesReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer {
    const part = known.get(blob)
    if (part === undefined) throw new TypeError('this Blob was not made here')
    return Uint8Array.from(part.read(part.from, part.to)).buffer
  }
}

/** c2pa-rs's settings: no network, and trust for nobody but who has a chain to the given authorities (PEM). */
export function settingsOf(anchors?: string): string {
  return JSON.stringify({
    verify: {
      verify_after_reading: true,
      // what was signed is read back by us, and the answer looked at
      verify_after_sign: false,
      verify_trust: true,
      verify_timestamp_trust: true,
      remote_manifest_fetch: false,
      ocsp_fetch: false,
    },
    trust: { trust_config: USES, ...(anchors !== undefined && { trust_anchors: anchors }) },
    builder: { thumbnail: { enabled: false } },
  })
}

/** Extended key usages a C2PA signer's certificate may have: C2PA's own, document signing, e-mail; for stamps, time-stamping. */
export const SIGNING_USES: readonly string[] = [
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.4',
]
const USES = [...SIGNING_USES, '1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9'].join('\n')
