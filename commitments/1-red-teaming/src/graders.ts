import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Grader, sha256Hex } from '@avouch/core/campaign'
import { DOMAINS } from './domain.ts'
import { gradeAttack } from './graders/attack.ts'
import { gradeBenign } from './graders/benign.ts'
import { graderOf, OVER_REFUSAL, type RedTeamProbe } from './probe.ts'

const FOLDER = new URL('./graders/', import.meta.url)

/** Raised with every change that may change a verdict. */
const VERSION = '1'

/** The rule graders: one for each domain and one for benign twins, with the digest of the rules they share. */
export async function loadGraders(): Promise<Grader<RedTeamProbe>[]> {
  const files = (await readdir(fileURLToPath(FOLDER)))
    .filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name))
    .sort()
  const contents = await Promise.all(files.map((name) => readFile(new URL(name, FOLDER), 'utf8')))
  const digest = sha256Hex(contents.join('\0'))
  return [
    ...DOMAINS.map((domain) => ({ name: graderOf(domain), version: VERSION, digest, grade: gradeAttack })),
    { name: OVER_REFUSAL, version: VERSION, digest, grade: gradeBenign },
  ]
}
