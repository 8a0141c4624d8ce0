import { alone, type Database } from '@avouch/core/db'

/** Works while no other process seals the same file of the same model. Throws `locked` where another does. */
export function whileSealing<T>(
  db: Database,
  { model, name }: { model: string; name: string },
  work: () => Promise<T>,
): Promise<T> {
  const busy = `another process is sealing this file of ${model}`
  const fix = 'Wait until it has ended.'
  return alone(db, { key: ['weights', model, name], busy, where: name, fix }, work)
}
