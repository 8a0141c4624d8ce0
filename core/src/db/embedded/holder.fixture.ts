import { openDatabase } from '../open.ts'

/** Opens a home's database in a process of its own, says so, and holds it until told to close or killed. */
const [home, marker] = process.argv.slice(2)
const db = await openDatabase({ home: home!, databaseUrl: undefined })
await db.migrate([{ schema: 'held', steps: { '0001-start': 'CREATE TABLE held.mark (text text)' } }])
await db.pool.query('INSERT INTO held.mark VALUES ($1)', [marker])
process.on('message', async () => {
  await db.close()
  process.disconnect()
})
process.send!({ url: db.url })
