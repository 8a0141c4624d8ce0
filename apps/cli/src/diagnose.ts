import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@avouch/core/config'
import { keyFolder } from '@avouch/core/crypto'
import { type Check, doctorDatabase } from '@avouch/core/db'
import { readSpool } from '@avouch/core/gate'

/** Every look that needs nothing to be running: versions, database, keys, spool, settings. */
export async function diagnose(config: Config): Promise<Check[]> {
  return [
    node(),
    ...(await doctorDatabase(config)),
    await keys(config),
    await spool(config),
    await restored(config),
    securityContact(),
    address(config),
  ]
}

function node(): Check {
  const major = Number(process.versions.node.split('.')[0])
  return {
    name: 'Node',
    ok: major >= 24,
    detail: `version ${process.versions.node}`,
    fix: 'Run by `npm run` or `npx`, which use the Node 24 that `npm ci` brought; on macOS install Node 24.',
  }
}

async function keys(config: Config): Promise<Check> {
  const name = 'keys'
  const dir = keyFolder(config)
  try {
    const found = await lstat(dir)
    const lax = process.platform !== 'win32' && (found.mode & 0o077) !== 0
    return {
      name,
      ok: !lax,
      detail: lax ? `${dir} can be read by others` : `in ${dir}, for their owner alone`,
      fix: `chmod -R go= ${dir}`,
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { name, ok: true, detail: 'none yet; they are made with the first evidence' }
    return { name, ok: false, detail: (error as Error).message, fix: `Make ${dir} readable for this user.` }
  }
}

async function spool(config: Config): Promise<Check> {
  const { holds, unreadable } = await readSpool(config.home)
  if (unreadable !== undefined)
    return {
      name: 'holds',
      ok: false,
      detail: `the spool cannot be read, so every gate is closed: ${unreadable}`,
      fix: `Mend or move away the file in ${join(config.home, 'spool', 'holds')}.`,
    }
  return {
    name: 'holds',
    ok: true,
    detail: holds.length === 0 ? 'none is spooled' : `${holds.length} act and wait to be recorded`,
  }
}

async function restored(config: Config): Promise<Check> {
  const mark = await readFile(join(config.home, 'restored.json'), 'utf8').catch(() => undefined)
  return {
    name: 'restore',
    ok: mark === undefined,
    detail:
      mark === undefined
        ? 'this installation was not restored, or was compared since'
        : 'restored from a backup and read-only',
    fix: 'Compare it with the last witnessed and published heads: `avouch restore compare CHECKPOINT`.',
  }
}

function securityContact(): Check {
  const contact = process.env.AVOUCH_SECURITY_CONTACT
  return {
    name: 'security.txt',
    ok: true,
    detail: contact
      ? `contact ${contact}`
      : 'not served: AVOUCH_SECURITY_CONTACT is not set, and RFC 9116 asks for a contact',
  }
}

function address(config: Config): Check {
  const url = new URL(config.url)
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1'
  return {
    name: 'address',
    ok: url.protocol === 'https:' || local,
    detail: `${config.url}${local ? ', for this machine' : ''}`,
    fix: 'Serve it over https (AVOUCH_URL): passkeys, and checking reports in the browser, need a secure context.',
  }
}
