import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { EvidenceType } from '@avouch/core/evidence'
import { filesUnder, ROOT } from './repository.ts'

/** A kind of evidence, where it is declared, and the names of its fields. */
export type Written = { type: EvidenceType; file: string; fields: string[] }

/**
 * Every kind of evidence that the code declares, by looking for where `defineEvidence` is called: sorted by predicate
 * type. Throws where a declared kind is not exported by its file, so that none can hide.
 */
export async function evidenceTypes(): Promise<Written[]> {
  const files = ['core', 'commitments', 'apps']
    .flatMap((folder) => filesUnder(folder, /(?<!\.test)\.ts$/))
    .filter((path) => /\/src\//.test(path) && !/\/test(?:ing)?[-./]/.test(path))
  const found: Written[] = []
  for (const file of files) {
    const source = readFileSync(join(ROOT, file), 'utf8')
    const declared = [...source.matchAll(/(?<!function )\bdefineEvidence\(/g)].length
    if (declared === 0) continue
    const module = (await import(pathToFileURL(join(ROOT, file)).href)) as Record<string, unknown>
    const types = Object.values(module).filter(isEvidenceType)
    if (types.length !== declared)
      throw new Error(`${file} declares ${declared} kinds of evidence and exports ${types.length}`)
    found.push(...types.map((type) => ({ type, file, fields: fieldsOf(type.schema) })))
  }
  return found.sort((a, b) => (a.type.predicateType < b.type.predicateType ? -1 : 1))
}

function isEvidenceType(value: unknown): value is EvidenceType {
  return typeof value === 'object' && value !== null && 'predicateType' in value && 'schema' in value
}

type Schema = {
  _zod: {
    def: {
      type: string
      shape?: Record<string, unknown>
      options?: Schema[]
      in?: Schema
      innerType?: Schema
    }
  }
}

/** The top-level fields of a schema, in its order; of a union, those of all its members. */
function fieldsOf(schema: unknown): string[] {
  const { def } = (schema as Schema)._zod
  if (def.shape) return Object.keys(def.shape)
  if (def.options) return [...new Set(def.options.flatMap(fieldsOf))]
  const inner = def.innerType ?? def.in
  if (inner) return fieldsOf(inner)
  throw new Error(`no fields are known of a schema of type ${def.type}`)
}
