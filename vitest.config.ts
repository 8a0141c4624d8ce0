import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{verify,core,ui,commitments,apps,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['core/src/testing/global-setup.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
