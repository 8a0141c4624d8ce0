import { randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'

/** Names of our soft bindings, as C2PA's assertion and resolution API carry them: reverse domain, what, version. */
export const WATERMARK_ALG = 'dev.avouch.watermark.picture.1'
export const FINGERPRINT_ALG = 'dev.avouch.fingerprint.picture.1'

export const SOUND_WATERMARK_ALG = 'dev.avouch.watermark.sound.1'
export const SOUND_FINGERPRINT_ALG = 'dev.avouch.fingerprint.sound.1'

export const VIDEO_WATERMARK_ALG = 'dev.avouch.watermark.video.1'
export const VIDEO_FINGERPRINT_ALG = 'dev.avouch.fingerprint.video.1'

/** The names for a family of media. */
export function algorithmsOf(family: string): { watermark: string; fingerprint: string } {
  if (family === 'video') return { watermark: VIDEO_WATERMARK_ALG, fingerprint: VIDEO_FINGERPRINT_ALG }
  return family === 'sound'
    ? { watermark: SOUND_WATERMARK_ALG, fingerprint: SOUND_FINGERPRINT_ALG }
    : { watermark: WATERMARK_ALG, fingerprint: FINGERPRINT_ALG }
}

/** Which service made content, and with which model. A model written NAME@VERSION is also the release it belongs to. */
export type Maker = { service: string; model: string }

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(@[A-Za-z0-9][A-Za-z0-9._+-]{0,99})?$/

/** A fresh content id: 48 random bits as 12 small hex digits. It says nothing of the content, the user or the time. */
export function newContentId(): string {
  return randomBytes(6).toString('hex')
}

/** `0123456789ab` → `0123-4567-89ab`, as people read it out. */
export function groupedContentId(id: string): string {
  return id.replace(/(.{4})(?=.)/g, '$1-')
}

/** A content id as a person wrote it, grouped or not, in either case. Throws `usage`. */
export function readContentId(text: string): string {
  const id = text.replaceAll('-', '').toLowerCase()
  if (/^[0-9a-f]{12}$/.test(id)) return id
  throw new AvouchError('usage', 'this is no content id', { fix: 'It has 12 hex digits: 0123-4567-89ab.' })
}

/** `SERVICE/MODEL`, such as `pictures/example-model@2.0`. Throws `usage`. */
export function readMaker(text: string): Maker {
  const [service = '', model = '', ...rest] = text.split('/')
  if (rest.length === 0 && NAME.test(service) && MODEL.test(model)) return { service, model }
  throw new AvouchError('usage', 'this names no service and model', {
    where: 'model',
    fix: 'Write SERVICE/MODEL, such as pictures/example-model@2.0 (letters, digits, dot, dash, underscore).',
  })
}

/** The release that a model's name is, where it is one. */
export function releaseOf({ model }: Maker): string | undefined {
  return model.includes('@') ? model : undefined
}
