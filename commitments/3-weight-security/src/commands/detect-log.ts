import { AvouchError } from '@avouch/core/errors'
import { sourceOf } from '../sources.ts'
import { readMapping } from '../taking/mapping.ts'
import { sizesOf } from '../taking/places.ts'
import { type Spooled, spool } from '../taking/spool.ts'

/** What an audit log came to, and how many segments the models have that its mapping gives the sizes of. */
type Log = Spooled & { sizes: Map<string, { segments: number }> }

/** What an audit log came to; nothing where events are given as such. */
export async function spoolOf(
  {
    source,
    mapping,
    events,
  }: { source?: string | undefined; mapping?: string | undefined; events?: string | undefined },
  signal: AbortSignal,
): Promise<Log | undefined> {
  if (source === undefined && mapping === undefined) return undefined
  if (source === undefined || mapping === undefined || events === undefined)
    throw new AvouchError('usage', 'a log needs --source, --mapping and --events', {
      where: source === undefined ? '--source' : mapping === undefined ? '--mapping' : '--events',
      fix: '`avouch weights sources` lists what logs can be read, and --example prints a mapping.',
    })
  const { mapping: told } = await readMapping(mapping)
  return { ...(await spool(await sourceOf(source), told, events, signal)), sizes: sizesOf(told.models) }
}

/** The files that stand for a log. */
export function logsOf(
  { personnel }: { personnel?: string | undefined },
  { events, sizes, ...spooled }: Log,
): { events: string; personnel?: string; sizes: Log['sizes'] } {
  if (spooled.taking.counts.of.personnel === 0) return { events, sizes, ...(personnel && { personnel }) }
  if (personnel === undefined) return { events, sizes, personnel: spooled.personnel }
  throw new AvouchError('usage', 'the log tells of people itself', {
    where: '--personnel',
    fix: 'Leave --personnel out, or follow both with `avouch weights follow`.',
  })
}
