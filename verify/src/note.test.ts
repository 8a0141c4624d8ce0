import { describe, expect, it } from 'vitest'
import { signer } from '../test/signer.ts'
import { utf8 } from './bytes.ts'
import { formatCheckpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { cosignedMessage, formatCosignature, parseCosignature, verifyCosignatures } from './cosignature.ts'
import {
  COSIGNATURE,
  ED25519,
  formatNote,
  formatVerifierKey,
  parseNote,
  parseVerifierKey,
  verifierKey,
  verifyNote,
} from './note.ts'

// The note and the key of the examples in golang.org/x/mod/sumdb/note, which C2SP signed-note describes.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const QUOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`

describe('signed notes', () => {
  it("verify the specification's own example, and fail after a change to any character", async () => {
    const key = await parseVerifierKey(PETER)
    expect(formatVerifierKey(key)).toBe(PETER)
    expect((await verifyNote(parseNote(QUOTE), [key])).map(({ name }) => name)).toEqual(['PeterNeumann'])
    expect(formatNote(parseNote(QUOTE))).toBe(QUOTE)
    for (let at = 0; at < QUOTE.length; at++) {
      const changed = QUOTE.slice(0, at) + (QUOTE[at] === 'A' ? 'B' : 'A') + QUOTE.slice(at + 1)
      await expect((async () => verifyNote(parseNote(changed), [key]))()).rejects.toMatchObject({
        name: 'VerifyError',
      })
    }
  })

  it('refuse a verifier key whose id is not its own', async () => {
    await expect(parseVerifierKey(PETER.replace('c74f20a3', 'c74f20a4'))).rejects.toThrow(
      'does not hash to its own key id',
    )
    await expect(parseVerifierKey(PETER.replace('ARpc', 'ARpd'))).rejects.toThrow('key id')
    await expect(parseVerifierKey('nonsense')).rejects.toMatchObject({ code: 'key' })
  })

  it('pass over signatures of unknown keys, but fail without a known one', async () => {
    const [one, two] = [await signer(1), await signer(2)]
    const key = await verifierKey('example.com/log', ED25519, one.publicKey)
    const text = 'example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'
    const note = {
      text,
      signatures: [
        { name: 'example.com/other', id: '00000000', signature: await two.sign(utf8(text)) },
        { name: key.name, id: key.id, signature: await one.sign(utf8(text)) },
      ],
    }
    expect((await verifyCheckpoint(formatNote(note), key)).size).toBe(0)
    await expect(
      verifyNote({ ...note, signatures: note.signatures.slice(0, 1) }, [key]),
    ).rejects.toMatchObject({ code: 'signature' })
  })

  it.each([
    ['no blank line', 'text\n'],
    ['no final newline', 'text\n\n— a AAAAAAAA'],
    ['a control character', 'te\txt\n\n— a AAAAAAAA\n'],
    ['a carriage return', 'text\r\n\n— a AAAAAAAA\n'],
    ['a hyphen for the dash', 'text\n\n- a AAAAAAAA\n'],
    ['two spaces', 'text\n\n—  a AAAAAAAA\n'],
    ['a plus in the name', 'text\n\n— a+b AAAAAAAA\n'],
    ['unpadded base64', 'text\n\n— a AAAAAAA\n'],
    ['a short signature', 'text\n\n— a AAAAAA==\n'],
  ])('refuse %s', (_, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ name: 'VerifyError', code: 'note' }))
  })
})

describe('checkpoints', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'

  it('read and write', () => {
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text)
    expect(parseCheckpoint(text).size).toBe(20852163)
    expect(parseCheckpoint(`${text}more\n`).extensions).toEqual(['more'])
  })

  it.each([
    text.replace('20852163', '020852163'),
    text.replace('20852163', '-1'),
    text.replace('20852163', '99999999999999999'),
    text.replace('q2I=', 'q2J='),
    text.replace('CsUY', 'CsU'),
    `\n${text}`,
    text.trimEnd(),
  ])('refuse %j', (changed) => {
    expect(() => parseCheckpoint(changed)).toThrow(expect.objectContaining({ code: 'checkpoint' }))
  })
})

describe('cosignatures', () => {
  it('date a checkpoint, and fail when the time is changed', async () => {
    const witness = await signer(3)
    const key = await verifierKey('witness.example.com/w1', COSIGNATURE, witness.publicKey)
    expect(await parseVerifierKey(formatVerifierKey(key))).toEqual(key)
    const text = 'example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'
    const cosign = async (said: number, signed: number) => ({
      text,
      signatures: [
        {
          name: key.name,
          id: key.id,
          signature: formatCosignature(said, await witness.sign(cosignedMessage(text, signed))),
        },
      ],
    })
    const time = 1_679_315_147
    expect(await verifyCosignatures(await cosign(time, time), [key])).toEqual([
      { witness: key, timestamp: time },
    ])
    await expect(verifyCosignatures(await cosign(time + 1, time), [key])).rejects.toMatchObject({
      code: 'signature',
    })
    expect(await verifyCosignatures(await cosign(time, time), [])).toEqual([])
    expect(() => parseCosignature(new Uint8Array(71))).toThrow('72 bytes')
  })
})
