import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseBundle } from './bundle.ts'
import { canonicalBytes } from './canonical.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { parseCosignature } from './cosignature.ts'
import { parseEnvelope } from './dsse.ts'
import { parseFigures } from './figure.ts'
import { verifyFile } from './file.ts'
import { sha256 } from './hash.ts'
import { readPage } from './html.ts'
import { type Json, parseJson } from './json.ts'
import { parseNote, parseSignatureLine, parseVerifierKey } from './note.ts'
import { parsePointer } from './pointer.ts'
import { parseStatement } from './statement.ts'
import { parseEntryBundle, parseTilePath } from './tiles.ts'
import { parseAssertion, rawSignature } from './webauthn.ts'
import { parseAddCheckpoint, parseWitnessAnswer } from './witness.ts'

const ofText: Record<string, (text: string) => unknown> = {
  parseNote,
  parseCheckpoint,
  parseSignatureLine,
  parseVerifierKey,
  parsePointer,
  parseTilePath,
  parseJson,
  readPage,
  parseAddCheckpoint,
  parseWitnessAnswer,
}
const ofBytes: Record<string, (bytes: Uint8Array) => unknown> = {
  parseEnvelope,
  parseStatement,
  parseAssertion,
  rawSignature,
  parseCosignature,
  parseEntryBundle: (bytes) => parseEntryBundle(bytes, 3),
  parseNote,
}
const ofJson: Record<string, (json: Json) => unknown> = {
  parseBundle,
  parseFigures,
  parseEnvelope: (json) => parseEnvelope(canonicalBytes(json)),
  parseStatement: (json) => parseStatement(canonicalBytes(json)),
}

async function onlyVerifyErrors(run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    expect(error).toMatchObject({ name: 'VerifyError' })
  }
}

// Words that lead deep into the parsers, so that random texts do not all end at the first character.
const words = [
  '\n',
  '\n\n',
  ' ',
  '— ',
  'a',
  '0',
  '1',
  'old ',
  '+',
  '/',
  '~1',
  'tile/',
  'x000/',
  '000',
  '.p/',
  'entries',
  '<script',
  '</script>',
  '<data ',
  '<!--',
  '-->',
  '>',
  'id="avouch-figures"',
  '{',
  '}',
  '"',
  ':',
  ',',
  '[',
  ']',
  'AAAA',
  'AAAAAAAA',
  '=',
  '\ud800',
  '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
]
const names = [
  'bundle',
  'log',
  'checkpoint',
  'evidence',
  'keys',
  'avouch-proof/v1',
  'envelope',
  'leafKey',
  'index',
  'proof',
  'disclosures',
  'payloadType',
  'payload',
  'signatures',
  'keyid',
  'sig',
  '_type',
  'subject',
  'predicateType',
  'predicate',
  'id',
  'value',
  'toString',
  'constructor',
  'length',
]
const text = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5, unit: 'binary' })), { maxLength: 30 })
  .map((parts) => parts.join(''))
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.nat(5),
      fc.constantFrom('', 'AAAA', ...names),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
  ),
})).value

describe('hostile input', () => {
  it.each(Object.entries(ofText))('%s throws nothing but VerifyError on any text', async (_, parse) => {
    await fc.assert(
      fc.asyncProperty(text, (input) => onlyVerifyErrors(() => parse(input))),
      { numRuns: 300 },
    )
  })

  it.each(Object.entries(ofBytes))('%s throws nothing but VerifyError on any bytes', async (_, parse) => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      text.map((input) => new TextEncoder().encode(input)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, (input) => onlyVerifyErrors(() => parse(input))),
      { numRuns: 300 },
    )
  })

  it.each(Object.entries(ofJson))('%s throws nothing but VerifyError on any JSON', async (_, parse) => {
    await fc.assert(
      fc.asyncProperty(json, (input) => onlyVerifyErrors(() => parse(input))),
      { numRuns: 300 },
    )
  })

  it('is answered by a verdict, whatever the file', async () => {
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      text.map((input) => new TextEncoder().encode(input)),
      json.map((input) => canonicalBytes(input)),
      json.map((figures) => canonicalBytes({ report: {}, figures, proof: {} })),
    )
    await fc.assert(
      fc.asyncProperty(file, async (bytes) => {
        expect((await verifyFile(bytes)).status).not.toBe('verified')
      }),
      { numRuns: 400 },
    )
  })

  it('leaves prototypes alone', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('without WebCrypto', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('says so in a sentence for people', async () => {
    vi.stubGlobal('crypto', {})
    await expect(sha256(new Uint8Array(0))).rejects.toMatchObject({
      code: 'no-webcrypto',
      message: expect.stringContaining('plain HTTP'),
    })
  })
})
