import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { TestPerson } from '@avouch/core/auth/testing'
import type { Installation } from '@avouch/core/installation'
import { SEGMENT_OVERHEAD } from '../src/floe/parameters.ts'
import type { SegmentRange } from '../src/object/authorise.ts'
import type { WeightObject } from '../src/object/object.ts'
import { type OpenedObject, openObject } from '../src/object/open.ts'
import { readPlaintext } from '../src/object/range.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import type { ReadEntry } from '../src/serve/entry.ts'
import { listReads } from '../src/serve/store.ts'
import { type LeaseUse, underLease } from '../src/serve/under-lease.ts'
import { adoptDefaults, employee, grant } from './granted.ts'
import { openVault, type Vault } from './vault.ts'

export const MODEL = 'example-model@1'
const SEGMENT = 4096
/** Bytes of plaintext in a segment. */
export const FULL = SEGMENT - SEGMENT_OVERHEAD
/** What is sealed: 40 segments and a little. */
export const plain = randomBytes(40 * FULL + 5)

export type Way = Partial<LeaseUse> & { segments?: SegmentRange; installation?: Installation }

/** A vault with one sealed object, one who may read it under leases, and two who approve them. */
export type Served = {
  vault: Vault
  object: WeightObject
  holder: TestPerson
  approvers: [TestPerson, TestPerson]
  /** A fresh lease, of all segments unless said otherwise. */
  leased(wanted?: object): Promise<string>
  open(lease: string, way?: Way): Promise<OpenedObject>
  read(lease: string, way?: Way): Promise<Buffer>
  /** What is on record of a lease, oldest first. */
  entries(lease: string): Promise<ReadEntry[]>
}

export async function openServed(): Promise<Served> {
  const vault = await openVault()
  const { installation } = vault
  await adoptDefaults(installation, 'example-model')
  const path = join(vault.dir, 'weights.bin')
  await writeFile(path, plain)
  const sealed = await sealWeights(installation, vault.kek, path, { model: MODEL, segmentBytes: SEGMENT })
  const { object } = sealed[0]!
  const holder = await employee(installation, 'red')
  const approvers: Served['approvers'] = [
    await employee(installation, 'blue'),
    await employee(installation, 'green'),
  ]
  const open = async (lease: string, way: Way = {}) => {
    const { installation: on = installation, segments, ...use } = way
    const by = use.by ?? (await holder.principal())
    const authorise = underLease(on, { lease, sink: 'pipe', host: 'desk-1', ...use, by })
    return openObject(on, object, { authorise, segments })
  }
  return {
    ...{ vault, object, holder, approvers, open },
    leased: async (wanted = {}) =>
      (await grant(installation, { holder, approvers }, { model: MODEL, ...wanted }))[0]!,
    read: async (lease, way = {}) => {
      const opened = await open(lease, way)
      return buffer(readPlaintext(opened)).finally(() => opened.close())
    },
    entries: async (lease) =>
      (await listReads(installation.db, { lease }))
        .map(({ entry }) => JSON.parse(entry) as ReadEntry)
        .reverse(),
  }
}
