import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestInstallation, type TestInstallation } from '../testing.ts'
import { readAttestation, recordAttestation } from './attest.ts'
import { TEMPLATE } from './attestation.ts'
import { attestCommands } from './commands.ts'
import { attestationEvidence } from './evidence.ts'

let installation: TestInstallation
beforeAll(async () => {
  installation = await openTestInstallation()
})
afterAll(() => installation.close())

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const key = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }))
const file = (text: string, signed = true) => {
  const bytes = Buffer.from(text)
  return {
    name: 'attestation.yaml',
    bytes,
    ...(signed && { signed: { signature: sign(null, bytes, privateKey), key } }),
  }
}
const read = (text: string, signed = true) => readAttestation(file(text, signed), installation.now())

describe('an attestation', () => {
  it('may be what the template says, and is recorded with file, signature and key', async () => {
    const found = await read(TEMPLATE)
    const { id } = await recordAttestation(installation, found)
    const record = (await installation.evidence.get(id))!
    expect(record).toMatchObject({
      about: { release: 'example-model@2.0', snapshot: 'id:example-model-2.0', configuration: 'safeguarded' },
      attachments: [{ name: 'attestation' }, { name: 'attestation.sig' }, { name: 'attestation.pub' }],
    })
    expect(installation.evidence.read(attestationEvidence, record)).toMatchObject({
      organisation: 'Example Institute',
      hours: { stated: 60 },
      signed: true,
      independent: true,
      signature: { format: 'detached' },
    })
    const kept = await installation.blobs.get(
      `attestations/${record.attachments[0]!.sha256}/${record.attachments[0]!.sha256}`,
    )
    expect(Buffer.from(kept!).toString()).toBe(TEMPLATE)
    await expect(recordAttestation(installation, found)).rejects.toMatchObject({ code: 'conflict' })
    const again = await recordAttestation(installation, found, { again: true })
    expect(await installation.evidence.get(again.id)).toMatchObject({ supersedes: id })
  })

  it('is refused where a byte was changed after it was signed', async () => {
    const signed = file(TEMPLATE)
    const bytes = Buffer.from(TEMPLATE.replace('cyber: 60', 'cyber: 600'))
    await expect(readAttestation({ ...signed, bytes }, installation.now())).rejects.toMatchObject({
      code: 'proof',
    })
  })

  it.each([
    ['hours for a domain it does not name', 'cyber: 60', 'cbr: 60', 'hours.cbr'],
    ['an end before its beginning', 'to: 2026-01-16', 'to: 2026-01-04', 'lies before from'],
    ['an end in the future', 'to: 2026-01-16', 'to: 2026-03-16', 'future'],
    ['a release without a version', 'example-model@2.0', 'example-model', 'NAME@VERSION'],
    ['a member that is not known', 'people: 3', 'people: 3\nmore: 1', 'nrecognized'],
    ['more hours than its people have', 'cyber: 60', 'cyber: 865', 'hours'],
    ['nobody', 'people: 3', 'people: 0', 'people'],
  ])('with %s is refused, with file and line', async (_what, from, to, says) => {
    const refused = await read(TEMPLATE.replace(from, to)).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'input', where: expect.stringMatching(/^attestation\.yaml:\d+$/) })
    expect((refused as Error).message).toContain(says)
  })

  it('may be JSON, and says when it is not independent', async () => {
    const found = await read(TEMPLATE.replace('stake: false', 'stake: true'))
    const json = await read(JSON.stringify(found.attestation))
    expect(json.attestation).toEqual(found.attestation)
    const { id } = await recordAttestation(installation, json)
    expect(await installation.evidence.get(id)).toMatchObject({ fields: { independent: false } })
  })
})

describe('`avouch red-team attest`', () => {
  it('prints the template, and asks for a signature or for word that there is none', async () => {
    const lines: string[] = []
    const terminal = { json: false, say: (line: string) => void lines.push(line), result() {}, progress() {} }
    const run = (options: object, FILE?: string) =>
      attestCommands.attest.run({
        installation,
        terminal,
        args: { FILE },
        options: { ...options },
        signal: new AbortController().signal,
      })
    expect(await run({ template: true })).toBe(0)
    expect(`${lines.join('\n')}\n`).toBe(TEMPLATE)
    await expect(run({})).rejects.toMatchObject({ code: 'usage', where: 'FILE' })
    await expect(run({}, 'x.yaml')).rejects.toMatchObject({ code: 'usage', where: '--signature' })
    await expect(run({ signature: 'x' }, 'x.yaml')).rejects.toMatchObject({ where: '--signature, --key' })
    await expect(run({ unsigned: true }, '/nowhere/x.yaml')).rejects.toMatchObject({ code: 'input' })
  })
})
