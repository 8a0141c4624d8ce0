import { AvouchError } from '@avouch/core/errors'
import { encoderThere } from '../sound/ffmpeg.ts'
import type { Film } from './film.ts'

/**
 * By what a film's picture is written: near enough to the original that nobody sees a difference, at about its size and at
 * its depth. Throws `unavailable` where this ffmpeg has no encoder that keeps what the film says of its brightness.
 */
export async function pictureCodec({ container, depth, mastering }: Film): Promise<string[]> {
  if (container === 'webm') return VP9
  if (depth === 8 && mastering === undefined) return [...H264, ...TO_FRONT]
  if (await encoderThere('libx265')) return [...H265, ...brightness(mastering), ...TO_FRONT]
  if (mastering === undefined) return [...H264, ...TO_FRONT]
  throw new AvouchError('unavailable', 'HDR films are written through x265, which the ffmpeg here has not', {
    fix: 'Install an ffmpeg that has libx265 (on Debian: apt install ffmpeg). Nothing was marked.',
  })
}

const VP9 = [
  ...['-c:v', 'libvpx-vp9', '-crf', '22', '-b:v', '0'],
  ...['-deadline', 'good', '-cpu-used', '4', '-row-mt', '1'],
]
const H264 = ['-c:v', 'libx264', '-preset', 'fast', '-crf', '18']
// players of Apple's know H.265 in MP4 by this name only
const H265 = ['-c:v', 'libx265', '-preset', 'fast', '-crf', '18', '-tag:v', 'hvc1']
const TO_FRONT = ['-movflags', '+faststart']

/** What stands beside frames does not pass from one ffmpeg to the other. */
function brightness(mastering: Film['mastering']): string[] {
  const { display, light } = mastering ?? {}
  const told = [
    'log-level=error',
    ...(display ? [`master-display=${display}`] : []),
    ...(light ? [`max-cll=${light}`] : []),
  ]
  return ['-x265-params', told.join(':')]
}
