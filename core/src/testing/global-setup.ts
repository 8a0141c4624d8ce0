import { HOME_VARIABLE, makeTestHome, removeAbandonedTestHomes, removeTestHome } from './cluster.ts'

/** Vitest's global set-up: names the home of the run's cluster; returns what stops it and removes everything. */
export default async function setUp(): Promise<() => Promise<void>> {
  await removeAbandonedTestHomes()
  const home = await makeTestHome()
  process.env[HOME_VARIABLE] = home
  return () => removeTestHome(home)
}
