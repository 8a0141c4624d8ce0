import { AvouchError } from '../errors.ts'

/** One sentence for why something failed, without a stack; the code where the system gave no words. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof Error) return error.message || codeOf(error) || error.name
  return String(error)
}

/** The SQLSTATE of a PostgreSQL error or the errno name of a system error, such as `53100` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return undefined
}

type Meaning = {
  code: 'database' | 'disk' | 'unavailable' | 'config' | 'conflict'
  what: string
  fix: string
}

const UNREACHABLE: Meaning = {
  code: 'database',
  what: 'PostgreSQL cannot be reached',
  fix: 'Check that it runs and that AVOUCH_DATABASE_URL names its host and port; "avouch doctor" looks closer.',
}

const NO_FILE: Meaning = {
  code: 'disk',
  what: 'a file or folder is missing',
  fix: 'See whether it was moved or removed; "avouch doctor" looks closer.',
}

/** SQLSTATE (PostgreSQL appendix A) or errno name → what it means for the person running this. */
const MEANINGS: Record<string, Meaning> = {
  ECONNREFUSED: UNREACHABLE,
  ENOENT: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EPIPE: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  '57P01': { ...UNREACHABLE, what: 'PostgreSQL ended this connection because it is shutting down' },
  '57P02': { ...UNREACHABLE, what: 'PostgreSQL ended this connection because one of its processes crashed' },
  '57P03': {
    code: 'unavailable',
    what: 'PostgreSQL is starting or stopping',
    fix: 'Try again in a few seconds.',
  },
  '28P01': {
    code: 'config',
    what: 'PostgreSQL refused the password',
    fix: 'Correct user and password in AVOUCH_DATABASE_URL.',
  },
  '28000': {
    code: 'config',
    what: 'PostgreSQL does not let this user in',
    fix: 'Allow the user in pg_hba.conf, or correct AVOUCH_DATABASE_URL.',
  },
  '3D000': {
    code: 'config',
    what: 'there is no such database',
    fix: 'Create it (createdb), or correct the name in AVOUCH_DATABASE_URL.',
  },
  '42501': {
    code: 'config',
    what: 'the database user lacks a permission',
    fix: 'Grant CREATE on the database to the user in AVOUCH_DATABASE_URL.',
  },
  '53100': {
    code: 'disk',
    what: 'the disk of PostgreSQL is full',
    fix: 'Free space on it; nothing was recorded half.',
  },
  '53200': {
    code: 'database',
    what: 'PostgreSQL is out of memory',
    fix: 'Give it more memory or ask less at once.',
  },
  '53300': {
    code: 'database',
    what: 'PostgreSQL has no connection left',
    fix: 'Raise max_connections or run fewer processes.',
  },
  '25006': {
    code: 'database',
    what: 'PostgreSQL is read-only',
    fix: 'Point AVOUCH_DATABASE_URL at the primary server, not at a standby.',
  },
  '58030': {
    code: 'disk',
    what: 'PostgreSQL could not read or write its files',
    fix: 'Check the disk and its log.',
  },
  XX001: {
    code: 'disk',
    what: 'PostgreSQL found damaged data',
    fix: 'Stop, keep a copy, and restore a backup.',
  },
  '40001': { code: 'conflict', what: 'two transactions collided', fix: 'Try again.' },
  '40P01': { code: 'conflict', what: 'two transactions waited for each other', fix: 'Try again.' },
  ENOSPC: { code: 'disk', what: 'the disk is full', fix: 'Free space on it; nothing was recorded half.' },
  EDQUOT: { code: 'disk', what: 'the disk quota is used up', fix: 'Free space or raise the quota.' },
  EROFS: {
    code: 'disk',
    what: 'the file system is read-only',
    fix: 'Mount it writable, or choose another place.',
  },
  EACCES: { code: 'disk', what: 'permission denied', fix: 'Make the folder accessible to this user.' },
}

const CONNECTION_LOST =
  /^(Connection terminated|Client (has encountered|was closed)|timeout (exceeded|expired))/i

/**
 * Says in Avouch's words what a PostgreSQL or system error means and what to do. An AvouchError passes unchanged.
 * The original stands as `cause`; `where` is kept free of passwords by the caller.
 */
export function databaseError(error: unknown, where = 'database'): AvouchError {
  if (error instanceof AvouchError) return error
  const code = codeOf(error)
  const meaning = code === undefined ? undefined : isMissingFile(error) ? NO_FILE : MEANINGS[code]
  const reason = reasonOf(error)
  if (meaning !== undefined)
    return new AvouchError(meaning.code, `${meaning.what} (${code}: ${reason})`, {
      where,
      fix: meaning.fix,
      cause: error,
    })
  if (CONNECTION_LOST.test(reason))
    return new AvouchError('database', `${UNREACHABLE.what}: ${reason}`, {
      where,
      fix: UNREACHABLE.fix,
      cause: error,
    })
  return new AvouchError('database', code === undefined ? reason : `${reason} (${code})`, {
    where,
    fix: 'Run "avouch doctor"; if that finds nothing, report this as a defect.',
    cause: error,
  })
}

/** What a retry may cure: PostgreSQL away, starting, stopping or crowded, or two transactions in each other's way. */
const PASSING = new Set([
  ...['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'],
  ...['57P01', '57P02', '57P03', '53300', '40001', '40P01', '08000', '08003', '08006'],
])

/**
 * True where doing the same again may succeed, such as after PostgreSQL was killed and started anew. A transaction
 * whose COMMIT broke may have happened: do again only what is recorded under a unique key.
 */
export function mayPass(error: unknown): boolean {
  if (error instanceof AvouchError && error.cause !== undefined) return mayPass(error.cause)
  const code = codeOf(error)
  if (code === undefined) return CONNECTION_LOST.test(reasonOf(error))
  return PASSING.has(code) && !isMissingFile(error)
}

/** ENOENT of a file, not of a socket that no server has made yet. */
function isMissingFile(error: unknown): boolean {
  return (
    codeOf(error) === 'ENOENT' &&
    !(error instanceof Error && 'syscall' in error && error.syscall === 'connect')
  )
}
