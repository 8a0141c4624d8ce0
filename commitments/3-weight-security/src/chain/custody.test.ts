import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineEvidence } from '@avouch/core/evidence'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import type { Terminal } from '@avouch/core/verb'
import Fastify from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verb } from '../commands.ts'
import weights from '../index.ts'
import { routes } from '../routes.ts'
import { readCertificate } from '../signing/certificate.ts'
import { readPrivateKey } from '../signing/ec-key.ts'
import { modelSignature } from '../signing/evidence.ts'
import { manifestOfSealed, recordSignature } from '../signing/record.ts'
import { manifestOfObjects, signManifest } from '../signing/sign.ts'
import { testChain, testKey } from '../signing/test-certificate.ts'
import { chainOf } from './chain.ts'
import { custodyOf } from './custody.ts'
import { custodyEvidence, custodyNow } from './record.ts'

const d = (name: string): string => createHash('sha256').update(name).digest('hex')
// what this reads of sealing's evidence; the kind itself is declared where sealing is
const sealed = defineEvidence('weight-security/sealed/v1', {
  title: 'Sealed weights',
  schema: z.object({ name: z.string(), digest: z.string() }),
})
const RELEASE = 'example-model@1.0'

describe('custody in an installation', () => {
  let home: string
  let database: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  const key = readPrivateKey(testKey().pem, 'test')
  const files = [
    { name: 'config.json', sha256: d('config') },
    { name: 'weights.bin', sha256: d('weights') },
  ]
  const signed = signManifest(manifestOfObjects('example-model', files), { key })

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-custody-'))
    database = await installationDatabase([weights])
    installation = await openInstallation(
      {
        home,
        databaseUrl: database.url,
        blobs: { kind: 'folder', dir: join(home, 'blobs') },
        origin: 'example.test/log',
        url: 'http://localhost:4600',
        host: '127.0.0.1',
        port: 0,
      },
      { commitments: [weights], log: pino({ level: 'silent' }) },
    )
  })
  afterAll(async () => {
    await installation?.close()
    await database?.close()
    await rm(home, { recursive: true, force: true })
  })

  async function run(name: string, args: Record<string, string>, options: Record<string, unknown> = {}) {
    const lines: string[] = []
    const terminal: Terminal = {
      json: false,
      say: (line) => void lines.push(line),
      result: () => {},
      progress: () => {},
    }
    const command = verb[name]!
    if (command.standalone) throw new Error(`${name} needs no installation`)
    const parsed = z.object(command.options ?? {}).parse(options)
    const status = await command.run({
      installation,
      terminal,
      args,
      options: parsed,
      signal: AbortSignal.timeout(20_000),
    })
    return { status, lines }
  }
  const add = (step: string, from: string[], to: string[], model?: string) =>
    run(
      'chain add',
      {},
      {
        step,
        ...(from.length > 0 && { in: from }),
        ...(to.length > 0 && { out: to }),
        by: 'id-7',
        ...(model && { model }),
      },
    )
  const draw = () => run('custody', { 'NAME@VERSION': RELEASE })

  it('knows of nothing first, and has a gap where there is only a signature', async () => {
    expect(await draw()).toMatchObject({ status: 1 })
    expect((await draw()).lines.join('\n')).toContain('Nothing is known to be released')
    const { id } = await recordSignature(installation, Buffer.from(signed.bundle), key.public, RELEASE)
    const record = (await installation.evidence.get(id))!
    expect(installation.evidence.read(modelSignature, record)).toMatchObject({
      subjectDigest: signed.subjectDigest,
      signer: key.public.hint,
      method: 'key',
      resources: 2,
    })
    const [attachment] = record.attachments
    const kept = await installation.blobs.get(`weight-security/signatures/${attachment!.sha256}`)
    expect(Buffer.from(kept!).toString()).toBe(signed.bundle)
    expect((await draw()).lines.join('\n')).toContain('GAP, released, signed, signer NOT PINNED')
  })

  it('records no signature that does not hold', async () => {
    const before = (await custodyEvidence(installation)).length
    const other = readPrivateKey(testKey().pem, 'test').public
    await expect(recordSignature(installation, Buffer.from(signed.bundle), other, RELEASE)).rejects.toThrow(
      'another key',
    )
    expect((await custodyEvidence(installation)).length).toBe(before)
  })

  it('is complete when the signed model leads back, and each of its files with it', async () => {
    const signature = join(home, 'model.sig')
    await writeFile(signature, signed.bundle)
    await add('train', [], [d('checkpoint')], RELEASE)
    await add('quantise', [`sha256:${d('checkpoint')}`], [signature], RELEASE)
    await add('deploy', [signature], [], RELEASE)
    const { status, lines } = await draw()
    expect(status).toBe(0)
    expect(lines[0]).toContain('complete; 1 of 1')
    const evidence = await custodyEvidence(installation)
    for (const { sha256 } of files) expect(chainOf(evidence, sha256).complete).toBe(true)
    expect(chainOf(evidence, d('some other file')).complete).toBe(false)
    const now = await custodyNow(installation, RELEASE)
    expect(now.nodes.map(({ moves }) => moves.length)).toEqual([0, 1])
    expect(now.problems.join()).toContain('Nobody whom two people pinned signed')
    const pinned = custodyOf(evidence, RELEASE, undefined, new Set([`key:${key.public.hint}`]))
    expect(pinned.nodes.at(-1)).toMatchObject({ signed: true, pinned: true })
    expect(pinned.problems.join()).not.toContain('pinned')
  })

  it('refuses what cannot be, and what closes a circle, and then records nothing', async () => {
    const before = (await custodyEvidence(installation)).length
    await expect(add('quantise', [signed.subjectDigest], [d('checkpoint')])).rejects.toThrow('out of itself')
    await expect(add('copy', [d('checkpoint')], [d('x')])).rejects.toThrow('every byte')
    await expect(add('merge', [d('a')], [d('x')])).rejects.toThrow('two or more')
    await expect(add('train', [], ['no digest'])).rejects.toThrow('neither a SHA-256 digest nor')
    await expect(add('train', [], [d('a')], 'no release')).rejects.toThrow('is no release')
    expect((await custodyEvidence(installation)).length).toBe(before)
  })

  it('shows a fork, and what was used after it was retired', async () => {
    await add('retire', [d('checkpoint')], [])
    await add('quantise', [d('checkpoint')], [d('fork')])
    const { nodes, links, complete, problems } = await custodyNow(installation, RELEASE)
    expect(complete).toBe(true)
    expect(nodes.find(({ digest }) => digest === d('fork'))).toMatchObject({ fork: true, signed: false })
    expect(nodes.find(({ digest }) => digest === d('checkpoint'))).toMatchObject({
      retired: true,
      origin: true,
    })
    expect(links.filter(({ afterRetirement }) => afterRetirement).map(({ to }) => to)).toEqual([d('fork')])
    expect(problems.join('\n')).toContain('1 step used weights after they were retired')
  })

  it('signs what stands sealed, by certificate too, and tells the custody of that', async () => {
    const release = 'sealed-example@1.0'
    await expect(manifestOfSealed(installation, release)).rejects.toThrow('nothing stands sealed')
    for (const { name, sha256: digest } of files)
      await installation.evidence.append({ type: sealed, fields: { name, digest }, about: { release } })
    const manifest = await manifestOfSealed(installation, release)
    const { leaf } = testChain()
    const own = readPrivateKey(leaf.key.pem, 'test')
    const certificate = readCertificate(leaf.der)
    const made = signManifest(manifest, { key: own, certificate })
    expect(made.subjectDigest).toBe(signed.subjectDigest)
    const { id } = await recordSignature(installation, Buffer.from(made.bundle), own.public, release)
    const record = (await installation.evidence.get(id))!
    expect(record.fields).toMatchObject({ method: 'certificate', signer: certificate.fingerprint })
    await expect(
      recordSignature(installation, Buffer.from(made.bundle), key.public, release),
    ).rejects.toThrow('another key')
    // the same bytes as the other release, so the same steps made them
    expect(await custodyNow(installation, release)).toMatchObject({
      complete: true,
      released: [{ digest: signed.subjectDigest }],
    })
    await installation.evidence.append({
      type: sealed,
      fields: { name: 'later.bin', digest: d('later') },
      about: { release },
    })
    const now = await custodyNow(installation, release)
    expect(now.complete).toBe(false)
    expect(now.released.map(({ complete, name }) => [name, complete])).toEqual([
      ['later.bin', false],
      [undefined, true],
    ])
  })

  it('is answered as JSON and as a picture that says the same in words', async () => {
    const app = Fastify()
    await app.register(routes(installation), { prefix: '/api/weight-security' })
    const json = await app.inject(`/api/weight-security/custody/${RELEASE}`)
    expect(json.json()).toMatchObject({ release: RELEASE, complete: true })
    const svg = await app.inject(`/api/weight-security/custody/${RELEASE}/drawing.svg`)
    expect(svg.headers['content-type']).toContain('image/svg+xml')
    expect(svg.body).toContain('Custody of example-model@1.0: complete')
    expect(svg.body).toContain('fork, not part of the release')
    expect((await app.inject('/api/weight-security/custody/none')).statusCode).not.toBe(200)
    await app.close()
  })

  it('keeps people and names out of what stands in the clear', async () => {
    const types = (await weights.evidence?.()) ?? []
    const own = types.filter(({ predicateType }) => /(signature|custody-step)\/v1$/.test(predicateType))
    expect(own).toHaveLength(2)
    for (const { open } of own)
      for (const name of ['by', 'note', 'model', 'files']) expect(open).not.toContain(name)
  })
})
