#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled code, types stripped, is kept from run to run: without it half of `--help` would be spent on that.
enableCompileCache()
const { main } = await import('./run.ts')
process.exitCode = await main(process.argv.slice(2))
