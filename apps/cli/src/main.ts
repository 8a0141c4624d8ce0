#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled code, types stripped, is kept from run to run: without it half of `--help` would be spent on that.
enableCompileCache()
// A reader that has seen enough (`avouch … | head`) is no failure, and changes nothing about the answer.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`avouch: the output cannot be written: ${error.message}\n`)
  process.exit(3)
})
const { main } = await import('./run.ts')
process.exitCode = await main(process.argv.slice(2))
