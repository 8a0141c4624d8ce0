/** A 32-byte key for one object or batch series, as used and as kept. */
export type DataKey = { plain: Uint8Array; wrapped: Uint8Array }

/** Makes and unwraps data keys under the installation's key-encryption key (a file, PKCS#11 or a key service). */
export type DataKeys = {
  /** `context` is authenticated (AES-GCM additional data) and must be given again to unwrap, such as `campaign/<id>`. */
  create(context: string): Promise<DataKey>
  /** Throws `proof` where the wrapped key does not belong to this key or context. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>
}
