import { alone, type Database } from '@avouch/core/db'

/** Works on a run, by the id of its plan, while no other process does. Throws `locked` where another does. */
export function whileTrying<T>(db: Database, plan: string, work: () => Promise<T>): Promise<T> {
  const busy = 'another process is at this run'
  const fix = 'Wait until it has ended, or stop it first.'
  return alone(db, { key: ['robustness', plan], busy, where: plan, fix }, work)
}
