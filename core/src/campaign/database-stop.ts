import { codeOf, databaseError, mayPass } from '../db/errors.ts'
import { AvouchError } from '../errors.ts'

/**
 * What a failure of the database means to whoever runs a campaign: the run ends, what was recorded stands. Errors of
 * ours, and those that are not the database's, pass unchanged.
 */
export function databaseStop(error: unknown, campaign: string): unknown {
  if (error instanceof AvouchError || !isDatabase(error)) return error
  const { code, message, fix } = databaseError(error)
  return new AvouchError(code, `The run stopped, because the database did: ${message}`, {
    where: `campaign ${campaign}`,
    fix: `What was recorded stands; resume the campaign afterwards. ${fix ?? ''}`.trim(),
    cause: error,
  })
}

/** An SQLSTATE (PostgreSQL appendix A), or a connection that broke. */
function isDatabase(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error) ?? '') || mayPass(error)
}
