import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { type Container, inputOf, outputOf, start, unreadable } from './process.ts'

/**
 * What a film in HDR says of the screen that it was made on (SMPTE ST 2086) and of how bright it gets (CTA-861.3), as
 * x265 takes it: `G(x,y)B(x,y)R(x,y)WP(x,y)L(most,least)` in steps of 0.00002 and of 0.0001 cd/m², `most,mean` in cd/m².
 */
export type Mastering = { display?: string; light?: string }

const fraction = z
  .string()
  .regex(/^\d{1,10}\/[1-9]\d{0,9}$/)
  .transform((text) => {
    const [above = 0, below = 1] = text.split('/').map(Number)
    return above / below
  })
const display = z.object({
  side_data_type: z.literal('Mastering display metadata'),
  red_x: fraction,
  red_y: fraction,
  green_x: fraction,
  green_y: fraction,
  blue_x: fraction,
  blue_y: fraction,
  white_point_x: fraction,
  white_point_y: fraction,
  min_luminance: fraction,
  max_luminance: fraction,
})
const light = z.object({
  side_data_type: z.literal('Content light level metadata'),
  max_content: z.int().min(0).max(65_535),
  max_average: z.int().min(0).max(65_535),
})
const other = z.object({ side_data_type: z.string().max(200).optional() })
const probed = z.object({
  frames: z.array(z.object({ side_data_list: z.array(z.unknown()).max(50).optional() })).max(5),
})

const PROBE_SECONDS = 20
const PROBE_BYTES = 2 ** 20

/** What stands beside the first frame. Throws `input` where it changes from frame to frame, which would be lost. */
export async function masteringOf(file: string, container: Container): Promise<Mastering> {
  const text = await outputOf(
    start(
      'ffprobe',
      [
        ...['-hide_banner', '-loglevel', 'error', '-max_alloc', String(256 * 2 ** 20)],
        ...['-select_streams', 'v:0', '-read_intervals', '%+#1'],
        ...['-show_frames', '-show_entries', 'frame_side_data', '-of', 'json', ...inputOf(file, container)],
      ],
      { seconds: PROBE_SECONDS, stdout: true },
    ),
    PROBE_BYTES,
  )
  const read = probed.safeParse(JSON.parse(text.toString('utf8')))
  if (!read.success) throw unreadable()
  const found: Mastering = {}
  for (const one of read.data.frames[0]?.side_data_list ?? []) {
    const [screen, level] = [display.safeParse(one), light.safeParse(one)]
    if (screen.success) found.display = displayText(screen.data)
    if (level.success) found.light = `${level.data.max_content},${level.data.max_average}`
    const type = other.safeParse(one).data?.side_data_type ?? ''
    if (/dynamic|dolby|dovi/i.test(type))
      throw new AvouchError(
        'input',
        'the film is in HDR that changes from scene to scene, which would be lost',
        {
          fix: 'Leave it as HDR10 or HLG, without HDR10+ or Dolby Vision.',
        },
      )
  }
  return found
}

function displayText(screen: z.infer<typeof display>): string {
  const point = (x: number, y: number): string => `(${Math.round(x * 50_000)},${Math.round(y * 50_000)})`
  const { red_x, red_y, green_x, green_y, blue_x, blue_y, white_point_x, white_point_y } = screen
  const [most, least] = [screen.max_luminance, screen.min_luminance].map((one) => Math.round(one * 10_000))
  return [
    `G${point(green_x, green_y)}B${point(blue_x, blue_y)}R${point(red_x, red_y)}`,
    `WP${point(white_point_x, white_point_y)}L(${most},${least})`,
  ].join('')
}
