import { registerHooks } from 'node:module'

/** Prints, as one JSON array, the address of every module that listing the commitments loads. */
const loaded: string[] = []
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.push(url)
    return nextLoad(url, context)
  },
})
const { discoverCommitments } = await import('@avouch/core/discover')
await discoverCommitments()
process.stdout.write(JSON.stringify(loaded))
