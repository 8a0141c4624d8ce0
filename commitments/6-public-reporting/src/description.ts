import { readFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import { type LineCounter, LineCounter as Lines, parseDocument } from 'yaml'
import { type Description, descriptionSchema } from './evidence.ts'
import { parseProse } from './prose.ts'

const MAX_PLAN = 4_194_304

/**
 * Reads the `report:` section of an assessment's plan (YAML or JSON): what the company says of the release. Undefined
 * where the plan has none or is a program. Throws `input` with file, line and key at what is wrong, bare numbers
 * included, so that they show before the report is built.
 */
export async function readDescription(path: string, release: string): Promise<Description | undefined> {
  if (!/\.(ya?ml|json)$/i.test(path)) return undefined
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new AvouchError('input', `the plan cannot be read: ${cause.message}`, { where: path, cause })
  })
  if (text.length > MAX_PLAN) throw new AvouchError('limit', 'the plan is larger than 4 MiB', { where: path })
  const lines: LineCounter = new Lines()
  const document = parseDocument(text, { lineCounter: lines })
  const fault = document.errors[0]
  if (fault)
    throw new AvouchError('input', `the plan is no YAML: ${fault.message}`, {
      where: `${path}:${fault.linePos?.[0].line ?? 1}`,
    })
  const plan: unknown = document.toJS({ maxAliasCount: 100 })
  if (typeof plan !== 'object' || plan === null || !('report' in plan)) return undefined
  const place = (keys: PropertyKey[]): string => {
    const node: unknown = document.getIn(['report', ...keys], true)
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
    const offset = Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0
    return `${path}:${lines.linePos(offset).line}, ${['report', ...keys.map(String)].join('.')}`
  }
  const parsed = descriptionSchema.partial().safeParse(plan.report)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new AvouchError('input', `the plan's report section is wrong: ${issue.message}`, {
      where: place(issue.path),
      fix: 'It holds lists of sentences: capabilities, limitations, appropriateUse, inappropriateUse.',
    })
  }
  const { capabilities = [], limitations = [], appropriateUse = [], inappropriateUse = [] } = parsed.data
  const description = { capabilities, limitations, appropriateUse, inappropriateUse }
  for (const [name, sentences] of Object.entries(description))
    for (const [at, sentence] of sentences.entries()) parseProse(sentence, place([name, at]), [release])
  return Object.values(description).every((sentences) => sentences.length === 0) ? undefined : description
}
