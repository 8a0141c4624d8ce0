import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const HOUSE = fileURLToPath(new URL('test/', import.meta.url))

/** Files of the whole house take longest, whatever their size: first, so that none runs alone at the end. */
class HouseFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const { house = [], rest = [] } = Object.groupBy(sorted, ({ moduleId }) =>
      moduleId.startsWith(HOUSE) ? 'house' : 'rest',
    )
    return [...house, ...rest]
  }
}

export default defineConfig({
  test: {
    include: ['{verify,core,ui,commitments,apps,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['core/src/testing/global-setup.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 3,
    sequence: { sequencer: HouseFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
