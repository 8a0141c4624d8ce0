import { createHash } from 'node:crypto'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { readRegular } from '../../regular-file.ts'

/** A set of policies: file name → text. */
export type PolicyFiles = Record<string, string>

/** The set that ships with the product. */
export const DEFAULT_FOLDER = fileURLToPath(new URL('../../../policy', import.meta.url))
/** What the code says of people and models; always the product's own. */
export const SCHEMA_FILE = join(DEFAULT_FOLDER, 'access.cedarschema')
export const SETTINGS = 'access.yaml'
export const CASES = 'cases.yaml'

const MOST_FILES = 50
const MOST_BYTES = 262_144

/** `<home>/weights/policy` */
export function policyFolder(config: Pick<Config, 'home'>): string {
  return join(config.home, 'weights', 'policy')
}

/**
 * Copies the set that ships into the installation's folder, with the projects of these models, by name, in `access.yaml`.
 * Never overwrites; returns the names of what was written.
 */
export async function writeDefaults(
  config: Pick<Config, 'home'>,
  models: Record<string, readonly string[]> = {},
): Promise<string[]> {
  const folder = policyFolder(config)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const written: string[] = []
  for (const name of (await readdir(DEFAULT_FOLDER)).sort())
    try {
      const text = await readText(join(DEFAULT_FOLDER, name))
      const given = name === SETTINGS ? withModels(text, models) : text
      await writeFile(join(folder, name), given, { flag: 'wx', mode: 0o600 })
      written.push(name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  return written
}

function withModels(text: string, models: Record<string, readonly string[]>): string {
  const lines = Object.entries(models).map(
    ([name, projects]) => `  ${JSON.stringify(name)}: ${JSON.stringify(projects)}\n`,
  )
  return text.replace('models:\n', `models:\n${lines.join('')}`)
}

/**
 * The files of a set that count: `*.cedar`, `access.yaml` and `cases.yaml`. Throws `config` where the folder is not
 * there, `disk` where a file cannot be read, `input` for pipes and the like, `limit` for too many or too large ones.
 */
export async function readPolicyFiles(folder: string): Promise<PolicyFiles> {
  const files: PolicyFiles = {}
  for (const name of await namesIn(folder)) files[name] = await readText(join(folder, name))
  return files
}

/** Changes whenever a file of the set may have: cheap to ask. */
export async function stampOf(folder: string): Promise<string> {
  const parts: string[] = []
  for (const name of await namesIn(folder)) {
    const { mtimeMs, size, ino } = await stat(join(folder, name))
    parts.push(`${name}/${mtimeMs}/${size}/${ino}`)
  }
  return parts.join('\n')
}

async function namesIn(folder: string): Promise<string[]> {
  let all: string[]
  try {
    all = await readdir(folder)
  } catch (cause) {
    throw new AvouchError('config', 'there are no policies for weights, so nobody may read any', {
      where: folder,
      fix: 'Begin with `avouch weights policy init`, and adopt them with `avouch weights policy adopt`.',
      cause,
    })
  }
  const names = all.filter(
    (name) => /^[A-Za-z0-9][\w.-]*\.cedar$/.test(name) || [SETTINGS, CASES].includes(name),
  )
  if (names.length > MOST_FILES)
    throw new AvouchError('limit', `more than ${MOST_FILES} policy files`, { where: folder })
  return names.sort()
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readRegular(path, MOST_BYTES))
  } catch (cause) {
    if (cause instanceof AvouchError) throw cause
    throw new AvouchError('disk', `a policy file cannot be read: ${(cause as Error).message}`, {
      where: path,
      fix: 'Until it can, nobody may read weights.',
      cause,
    })
  }
}

/** SHA-256 (hex) of the names and digests of all files: what is adopted, and stands in evidence. */
export function digestOf(files: PolicyFiles): string {
  const listed = Object.keys(files)
    .sort()
    .map((name) => [name, createHash('sha256').update(files[name]!).digest('hex')])
  return createHash('sha256').update(JSON.stringify(listed)).digest('hex')
}
