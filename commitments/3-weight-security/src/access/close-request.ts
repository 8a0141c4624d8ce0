import { lapseApproval } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { lockRequest, setRequestState } from './request-store.ts'

/**
 * Takes a request off the table: whoever is to read withdraws it, whoever may approve refuses it, with a reason. Throws
 * `conflict` where it was decided meanwhile.
 */
export async function closeRequest(
  installation: Pick<Installation, 'db' | 'now'>,
  id: string,
  state: 'refused' | 'withdrawn',
  why: string,
): Promise<void> {
  await installation.db.kysely.transaction().execute(async (tx) => {
    const request = await lockRequest(tx, { id })
    if (request === undefined)
      throw new AvouchError('not-found', 'there is no such request', { where: `request ${id}` })
    if (request.state !== 'asked')
      throw new AvouchError('conflict', `this request is ${request.state} already`, {
        where: `request ${id}`,
      })
    if (request.approval !== undefined) await lapseApproval(tx, request.approval, installation.now())
    await setRequestState(tx, id, state, { at: installation.now(), why })
  })
}
