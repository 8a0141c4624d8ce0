import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import { PREDICATE_BASE } from '../evidence/type.ts'
import type { Obligation } from './obligation.ts'

const fileSchema = z.strictObject({
  /** The regime or role these come from: "Example state law", "our own policy". */
  regime: z.string().min(1).max(200),
  obligations: z
    .array(
      z.strictObject({
        /** Letters before the dot, so that none collides with the catalogue: `policy.1`. */
        id: z
          .string()
          .regex(/^[a-z][a-z0-9-]*\.\d+$/, 'an id is letters, a dot and a number, such as policy.1'),
        title: z.string().min(1).max(200),
        promise: z.string().min(1).max(2000),
        binds: z.enum(['company', 'release']),
        due: z.enum(['before', 'at', 'standing']),
        evidence: z
          .string()
          .regex(/^[a-z-]+\/[a-z-]+\/v\d+$/, 'an evidence type is written commitment/what/v1'),
        count: z.number().int().min(1).max(10_000).default(1),
        freshDays: z.number().int().min(1).max(36_500).optional(),
      }),
    )
    .max(500),
})

/**
 * The company's own obligations: `$AVOUCH_HOME/obligations/*.yaml`, each naming a type of evidence, how many and how
 * fresh. Throws `input` with file and reason for one that cannot be read: an obligation must not vanish by a typo.
 */
export async function readCompanyObligations(home: string): Promise<Obligation[]> {
  const dir = join(home, 'obligations')
  let names: string[]
  try {
    names = (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new AvouchError('disk', `the company's obligations cannot be read: ${(error as Error).message}`, {
      where: dir,
    })
  }
  const found: Obligation[] = []
  for (const name of names) {
    const where = join(dir, name)
    for (const obligation of parseFile(await readFile(where, 'utf8'), where)) {
      if (found.some((other) => other.id === obligation.id))
        throw new AvouchError('input', `the obligation ${obligation.id} stands twice`, { where })
      found.push(obligation)
    }
  }
  return found
}

function parseFile(text: string, where: string): Obligation[] {
  let raw: unknown
  try {
    raw = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new AvouchError('input', `no YAML: ${(error as Error).message}`, { where, cause: error })
  }
  const parsed = fileSchema.safeParse(raw)
  if (!parsed.success)
    throw new AvouchError('input', `no obligations file: ${z.prettifyError(parsed.error)}`, { where })
  return parsed.data.obligations.map(({ evidence, count, freshDays, ...rest }) => ({
    ...rest,
    ...(freshDays !== undefined && { freshDays }),
    force: 'asked',
    rule: (context) => {
      const all = context.evidence(PREDICATE_BASE + evidence)
      const records = rest.binds === 'release' ? context.applies(all) : all
      const used = records.slice(-count).map((r) => r.id)
      const status = records.length >= count ? 'met' : records.length > 0 ? 'partly' : 'missing'
      return {
        status,
        why: `${records.length} of ${count} pieces of ${evidence} are recorded and fresh.`,
        evidence: used,
      }
    },
  }))
}
