import { readFile } from 'node:fs/promises'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'

const MAX_PLAN = 4_194_304

/**
 * Reads a whole plan before anything is recorded: each commitment its own section, and no section that is nobody's,
 * since a misspelt one would silently mean the default. Throws `input` with file and line.
 */
export async function checkPlan(path: string, commitments: Commitment[], release: string): Promise<void> {
  const parts = commitments.flatMap(({ assess }) => (assess ? [assess] : []))
  if (/\.(ya?ml|json)$/i.test(path))
    await refuseUnknownSections(
      path,
      parts.map((part) => part.section),
    )
  for (const part of parts) await (await part.check())(path, release)
}

async function refuseUnknownSections(path: string, known: string[]): Promise<void> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new AvouchError('input', `the plan cannot be read: ${cause.message}`, { where: path, cause })
  })
  if (text.length > MAX_PLAN) throw new AvouchError('limit', 'the plan is larger than 4 MiB', { where: path })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const fault = document.errors[0]
  const lineOf = (offset: number | undefined): string => `${path}:${lines.linePos(offset ?? 0).line}`
  if (fault)
    throw new AvouchError('input', `the plan is no YAML: ${fault.message}`, { where: lineOf(fault.pos[0]) })
  const sections = `Its sections are: ${known.join(', ')}.`
  if (!isMap(document.contents))
    throw new AvouchError('input', 'the plan holds no sections', { where: path, fix: sections })
  for (const { key } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key)
    if (!known.includes(name))
      throw new AvouchError('input', `the plan has a section "${name}" that no commitment reads`, {
        where: lineOf(isScalar(key) ? key.range?.[0] : 0),
        fix: sections,
      })
  }
}
