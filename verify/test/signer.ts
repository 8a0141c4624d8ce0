/** An Ed25519 key made from one byte, for tests only: deterministic, and known to everyone. */
export async function signer(
  seed: number,
): Promise<{ publicKey: Uint8Array<ArrayBuffer>; sign(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> }> {
  // PKCS #8 of an Ed25519 key (RFC 8410) is a fixed head and the 32-byte seed.
  const head = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)
  const pkcs8 = new Uint8Array(48).fill(seed, 16)
  pkcs8.set(head)
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x = '' } = await crypto.subtle.exportKey('jwk', key)
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, new Uint8Array(data))),
  }
}
