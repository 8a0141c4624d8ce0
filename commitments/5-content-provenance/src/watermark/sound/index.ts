export { detect as detectInSound, type SoundDetection } from './detect.ts'
export { type Embedded as EmbeddedSound, embed as embedInSound } from './embed.ts'
