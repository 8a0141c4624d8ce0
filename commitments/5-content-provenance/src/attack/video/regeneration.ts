import type { NotRun } from '../attack.ts'

/** A generative model that draws it anew from what is seen. */
const regeneration: NotRun = {
  kind: 'change',
  name: 'regeneration',
  title: 'Drawn anew by a generative model',
  family: 'regeneration',
  expected: 'is lost',
  notRun:
    'it takes a model of moving pictures, and none comes with this version; the mark is expected to be lost, and a manifest or the register’s fingerprint is then what is left',
}
export default [regeneration]
