import { PAYLOAD_TYPE } from './statement.ts'
import type { DsseSignature } from './store.ts'

/**
 * The exact bytes of a record's DSSE envelope, which its leaf commits to. They follow from Statement and signatures,
 * so they are not kept a second time: members in this order, no white space.
 */
export function envelopeBytes(statement: Buffer, signatures: readonly DsseSignature[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      payloadType: PAYLOAD_TYPE,
      payload: statement.toString('base64'),
      signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
    }),
  )
}
