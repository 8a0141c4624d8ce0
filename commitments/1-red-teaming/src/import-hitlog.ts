import { z } from 'zod'
import { linesOf, parseJson } from './import-bytes.ts'
import { readPart } from './import-schema.ts'
import type { Reading, Source } from './imported.ts'

const hit = z.looseObject({
  run_id: z.string().max(200),
  attempt_id: z.string(),
  detector: z.string(),
  score: z.number(),
})

/** Hits by run, as garak's `*.hitlog.jsonl` lists them: only what hit, so it can check a report and never replace one. */
export async function readHitlog(source: Source): Promise<Map<string, number>> {
  const hits = new Map<string, number>()
  for await (const { text, number } of linesOf(source)) {
    const where = `${source.name}:${number}`
    const { run_id: run } = readPart(hit, parseJson(text, where), where)
    hits.set(run, (hits.get(run) ?? 0) + 1)
  }
  return hits
}

/** Notes where the hitlog of the same run lists another number of hits than the rows. */
export function compareHits(reading: Reading, hits: ReadonlyMap<string, number>, name: string): void {
  if (reading.run === undefined || reading.hits === undefined) return
  const listed = hits.get(reading.run)
  if (listed !== undefined && listed !== reading.hits)
    reading.notes.push(`${name} lists ${listed} hits of this run; the report's rows say ${reading.hits}.`)
}
