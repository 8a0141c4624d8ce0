import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kindOf } from '../families.ts'
import type { Kind } from '../family.ts'
import { inspectVideo, markVideo } from '../video.ts'
import { VIDEO_KINDS } from '../video-kinds.ts'
import { ffmpeg, hasFfmpeg, hasX265 } from './clip.fixture.ts'
import { withFolder } from './folder.ts'
import { nutPieces } from './nut.ts'
import { start } from './process.ts'

const key = new Uint8Array(32).fill(3)
const payload = { service: 7, contentId: '0123456789ab' }
const [mp4, , webm] = VIDEO_KINDS
const mark = (bytes: Uint8Array) => markVideo(bytes, mp4!, { payload, key })

const folder = mkdtempSync(join(tmpdir(), 'avouch-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What ffprobe tells of a film, one line a packet or stream. */
function told(bytes: Uint8Array, ...asked: string[]): string[] {
  const file = join(folder, 'film')
  writeFileSync(file, bytes)
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', ...asked, '-of', 'csv=p=0', file], {
    encoding: 'utf8',
  })
  return stdout.split('\n').filter(Boolean).sort()
}

/** How near the brightness of one film is to that of another, in dB, by ffmpeg's own reckoning. */
function psnrOf(one: Uint8Array, other: Uint8Array): number {
  const [first, second] = [one, other].map((bytes, at) => {
    const file = join(folder, `film-${at}`)
    writeFileSync(file, bytes)
    return file
  })
  const args = ['-nostdin', '-hide_banner', '-i', first!, '-i', second!, '-lavfi', 'psnr', '-f', 'null', '-']
  const { stderr } = spawnSync('ffmpeg', args, { encoding: 'utf8' })
  return Number(/PSNR y:([\d.]+)/.exec(stderr)?.[1])
}

const DRAWN = ['-f', 'lavfi', '-i', 'mandelbrot=s=320x240:r=10']
const CODED = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p']

let drawn: Uint8Array | undefined

/** Nine frames at uneven times. */
function uneven(): Uint8Array {
  drawn ??= ffmpeg([
    ...[...DRAWN, '-t', '1.5', '-vf', "select='not(eq(mod(n,5),1))*not(eq(n,7))'", '-vsync', 'vfr'],
    ...[...CODED, 'out.mp4'],
  ])
  return drawn.slice()
}

describe.skipIf(!hasFfmpeg)('films (need ffmpeg)', () => {
  it('keep the times of their frames and how they are turned', async () => {
    const given = uneven()
    const at = Buffer.from(given).indexOf('tkhd') + 44
    for (const [index, value] of [0, 65_536, 0, -65_536, 0, 0, 240 << 16, 0].entries())
      Buffer.from(given.buffer).writeInt32BE(value, at + index * 4)
    const { bytes, watermark } = await mark(given)
    expect(watermark).toMatchObject({
      state: 'embedded',
      sound: { state: 'missing', why: 'the film has no sound' },
    })
    for (const asked of [
      ['-show_entries', 'packet=pts_time'],
      ['-show_entries', 'stream_side_data=rotation'],
    ])
      expect(told(bytes, ...asked)).toEqual(told(given, ...asked))
    expect(told(bytes, '-show_entries', 'stream_side_data=rotation')).toEqual(['-90'])
    const { mark: found } = await inspectVideo(bytes, mp4!, { key })
    expect(found).toMatchObject({ ...payload, layers: 'frames', scale: 1 })
    expect((await inspectVideo(given, mp4!, { key })).mark).toBeUndefined()
  })

  it('are refused with the reason where something would be lost, or cannot be read', async () => {
    const whole = uneven()
    const tiny = ['-f', 'lavfi', '-i', 'testsrc=s=96x64:r=5:d=0.4']
    const tone = ['-f', 'lavfi', '-i', 'sine=d=0.4']
    const tenHours = Buffer.from(whole)
    for (const box of ['mvhd', 'mdhd']) {
      const at = tenHours.indexOf(box) + 16
      tenHours.writeUInt32BE(tenHours.readUInt32BE(at) * 36_000, at + 4)
    }
    const playlist = Buffer.concat([
      whole.subarray(0, 32),
      Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n'),
    ])
    const cases: [Uint8Array, string][] = [
      [whole.subarray(0, whole.length / 2), 'cannot read'],
      [playlist, 'cannot read'],
      [tenHours, 'longer than 20 minutes'],
      [ffmpeg([...tone, '-c:a', 'aac', '-f', 'mp4', 'out.mp4']), 'no moving picture'],
      [
        ffmpeg([...tiny, ...tone, ...tone, ...['-map', '0', '-map', '1', '-map', '2'], ...CODED, 'out.mp4']),
        'more than one sound track',
      ],
      [ffmpeg([...tiny, ...['-c:v', 'ffv1', '-pix_fmt', 'yuv420p12le', 'out.mov']]), 'yuv420p12le'],
      [ffmpeg([...tiny, '-vf', 'scale=48:48', ...CODED, 'out.mp4']), 'too small'],
    ]
    for (const [bytes, why] of cases)
      await expect(mark(new Uint8Array(bytes)), why).rejects.toMatchObject({
        message: expect.stringContaining(why),
      })
  })

  it.skipIf(!hasX265)('keep their depth and what they say of their brightness', async () => {
    const source = ['-f', 'lavfi', '-i', 'mandelbrot=s=384x256:r=5', '-t', '1', '-pix_fmt', 'yuv420p10le']
    const colour = ['-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', '-color_trc']
    const screen = 'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)'
    const films: [Uint8Array, Kind][] = [
      [
        ffmpeg([
          ...[...source, '-c:v', 'libx265', '-preset', 'ultrafast', ...colour, 'smpte2084', '-tag:v', 'hvc1'],
          ...['-x265-params', `log-level=error:${screen}:max-cll=1000,400`, 'out.mp4'],
        ]),
        mp4!,
      ],
      [
        ffmpeg([
          ...[...source, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '3M'],
          ...[...colour, 'arib-std-b67', 'out.webm'],
        ]),
        webm!,
      ],
    ]
    for (const [given, kind] of films) {
      const { bytes, watermark } = await markVideo(given, kind, { payload, key })
      expect(watermark).toMatchObject({ state: 'embedded', psnr: expect.closeTo(42.1, 0) })
      for (const asked of [
        ['-show_entries', 'stream=pix_fmt,color_transfer,color_primaries,color_space'],
        ['-show_entries', 'frame_side_data=red_x,green_y,max_luminance,max_content,max_average'],
      ])
        expect(told(bytes, ...asked)).toEqual(told(given, ...asked))
      expect(told(bytes, '-show_entries', 'stream=pix_fmt')).toEqual(['yuv420p10le'])
      // mark and coding together; with the lower two bits lost, or in wrong places, it were less
      expect(psnrOf(given, bytes)).toBeGreaterThan(38)
    }
  })

  it('are told from their bytes, and read by no other demuxer', async () => {
    expect((await kindOf(uneven())).kind.name).toBe('mp4')
    await expect(markVideo(uneven(), webm!, { payload, key })).rejects.toMatchObject({ code: 'input' })
  })

  it('pass through as raw frames whose stream is put together again byte by byte', async () => {
    const args = [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=96x80:r=7',
      '-t',
      '1',
      '-f',
      'nut',
      '-c:v',
      'rawvideo',
    ]
    const all = spawnSync('ffmpeg', [...args, '-pix_fmt', 'yuv420p', '-']).stdout
    const running = start('ffmpeg', [...args, '-pix_fmt', 'yuv420p', 'pipe:1'], { seconds: 20, stdout: true })
    const pieces: Buffer[] = []
    let frames = 0
    for await (const { head, frame } of nutPieces(running.child.stdout as AsyncIterable<Buffer>)) {
      pieces.push(head)
      if (frame) {
        pieces.push(frame)
        expect(frame.length).toBe((96 * 80 * 3) / 2)
        frames++
      }
    }
    expect(frames).toBe(7)
    expect(Buffer.concat(pieces).equals(all)).toBe(true)
  })
})

describe('the folder that a film is worked on in', () => {
  it('is removed, and so is what a killed process left long ago, but nobody else’s', async () => {
    const [left, fresh] = ['avouch-media-left', 'avouch-media-fresh'].map((name) =>
      mkdtempSync(join(tmpdir(), name)),
    )
    writeFileSync(join(left!, 'in'), 'somebody’s')
    const long = new Date(Date.now() - 3 * 3_600_000)
    utimesSync(left!, long, long)
    const seen = await withFolder(new Uint8Array([1, 2]), async (file, own) => {
      expect([...readFileSync(file)]).toEqual([1, 2])
      return own
    })
    expect([seen, left!, fresh!].map((path) => existsSync(path))).toEqual([false, false, true])
    rmSync(fresh!, { recursive: true })
  })
})

describe('where there is no ffmpeg', () => {
  it('nothing is marked, and it says what is missing', async () => {
    const before = process.env.AVOUCH_FFMPEG
    process.env.AVOUCH_FFMPEG = join(folder, 'none', 'ffmpeg')
    try {
      await expect(mark(new Uint8Array(64))).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('there is no ffprobe'),
        fix: expect.stringContaining('Nothing was marked'),
      })
    } finally {
      if (before === undefined) delete process.env.AVOUCH_FFMPEG
      else process.env.AVOUCH_FFMPEG = before
    }
  })
})
