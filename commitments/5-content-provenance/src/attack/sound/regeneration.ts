import type { NotRun } from '../attack.ts'

/** A generative model that speaks or plays it anew from what is heard. */
const regeneration: NotRun = {
  kind: 'change',
  name: 'regeneration',
  title: 'Spoken or played anew by a generative model',
  family: 'regeneration',
  expected: 'is lost',
  notRun:
    'it takes a model of sound, and none comes with this version; the mark is expected to be lost, and a manifest or the register’s fingerprint is then what is left',
}
export default [regeneration]
