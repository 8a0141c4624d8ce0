#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code, types stripped, is kept from run to run: without it half of `--help` would be spent on that, and two
// thirds of the start of every thread and process that a command starts, which learn of it by the environment. It lies beside the code, since whoever may write it decides what runs: the
// system's folder for temporary files, where Node would keep it, is anybody's.
const beside = fileURLToPath(new URL('../../../node_modules/.cache/avouch', import.meta.url))
const { directory } = enableCompileCache(process.env.NODE_COMPILE_CACHE || beside)
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
// A reader that has seen enough (`avouch … | head`) is no failure, and changes nothing about the answer.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`avouch: the output cannot be written: ${error.message}\n`)
  process.exit(3)
})
const { main } = await import('./run.ts')
process.exitCode = await main(process.argv.slice(2))
