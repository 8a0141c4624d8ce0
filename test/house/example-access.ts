import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import type { OpenInstallation } from '@avouch/core/open'
import {
  beginBreakGlass,
  finishBreakGlass,
} from '../../commitments/3-weight-security/src/access/break-glass.ts'
import { setProfile } from '../../commitments/3-weight-security/src/access/profile.ts'
import { openReview } from '../../commitments/3-weight-security/src/access/review.ts'
import { openKek } from '../../commitments/3-weight-security/src/kek/open.ts'
import { sealWeights } from '../../commitments/3-weight-security/src/object/seal-weights.ts'
import { adoptDefaults, employee } from '../../commitments/3-weight-security/test/granted.ts'

export type ExampleAccess = { reader: TestPerson; glass: string; review: string }

/**
 * Weights of a release that are sealed, somebody who read them alone in an emergency, and an open review of them and of
 * `owner`, who is said to be on another team.
 */
export async function exampleAccess(
  installation: OpenInstallation,
  release: string,
  owner: string,
): Promise<ExampleAccess> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-access-'))
  await writeFile(join(folder, 'weights.bin'), randomBytes(9000))
  const kek = await openKek(installation.config)
  await sealWeights(installation, kek, join(folder, 'weights.bin'), { model: release, segmentBytes: 4096 })
  await kek.close()
  await rm(folder, { recursive: true })
  await adoptDefaults(installation, release.split('@')[0]!)
  const job = { projects: ['example'], environments: ['evaluation'], functions: ['weights-approver'] }
  await setProfile(installation, LOCAL, owner, { team: 'platform', ...job })
  const reader = await employee(installation, 'night')
  const by = await reader.principal()
  const asking = await beginBreakGlass(installation, by, {
    ...{ model: release, environment: 'evaluation', seconds: 600 },
    emergency: 'the example service answers nothing, and the night shift is alone',
  })
  const { id: glass } = await finishBreakGlass(installation, by, reader.answer(asking))
  const { id: review } = await openReview(installation)
  return { reader, glass, review }
}
