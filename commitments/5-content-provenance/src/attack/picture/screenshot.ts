import sharp from 'sharp'
import type { Change } from '../attack.ts'
import { opened, type Raw, through } from '../picture-raw.ts'

const screenshot: Change<Raw> = {
  kind: 'change',
  name: 'screenshot',
  title: 'Screenshot (80 % of its sides, a page around it, JPEG 80)',
  family: 'combination',
  expected: 'survives',
  async apply(picture) {
    const width = Math.max(1, Math.round(picture.width * 0.8))
    const height = Math.max(1, Math.round(picture.height * 0.8))
    const shown = await opened(picture).resize(width, height, { fit: 'fill' }).png().toBuffer()
    const page = {
      width: Math.round(width * 1.3) + 40,
      height: Math.round(height * 1.25) + 95,
      channels: 3 as const,
      background: '#f4f4f6',
    }
    const composed = sharp({ create: page }).composite([{ input: shown, left: 37, top: 91 }])
    return through(composed.jpeg({ quality: 80 }))
  },
}
export default [screenshot]
