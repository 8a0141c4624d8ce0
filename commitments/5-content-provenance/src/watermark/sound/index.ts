export { detect as detectInSound, detectIn as detectInSpectra, type SoundDetection } from './detect.ts'
export { type Embedded as EmbeddedSound, embed as embedInSound } from './embed.ts'
export { type Spectra, spectraOf } from './levels.ts'
