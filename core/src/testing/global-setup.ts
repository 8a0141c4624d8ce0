import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { HOME_VARIABLE, makeTestHome, removeAbandonedTestHomes, removeTestHome } from './cluster.ts'

/** Vitest's global set-up: names the home of the run's cluster; returns what stops it and removes everything. */
export default async function setUp(): Promise<() => Promise<void>> {
  // What threads and processes of tests load is compiled once: for each of them that is most of its start.
  const beside = fileURLToPath(new URL('../../../node_modules/.cache/avouch', import.meta.url))
  const { directory } = enableCompileCache(process.env.NODE_COMPILE_CACHE || beside)
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
  await removeAbandonedTestHomes()
  const home = await makeTestHome()
  process.env[HOME_VARIABLE] = home
  return () => removeTestHome(home)
}
