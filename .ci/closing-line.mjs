// Turns Vitest's JSON report into the closing line. Node 20 can run it.
//   node closing-line.mjs RESULTS STATUS
// A file that failed without a failed test in it (it did not load, a hook threw) counts as one failure, and so does
// a run that failed for another reason: types, lint, an unhandled error, no report at all.
import { readFileSync } from 'node:fs'

const [file, status] = process.argv.slice(2)
let passed = 0
let failed = 0
let skipped = 0
try {
  for (const { status: ended, assertionResults } of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    const count = (...names) => assertionResults.filter((test) => names.includes(test.status)).length
    const broken = count('failed')
    passed += count('passed')
    skipped += count('pending', 'skipped', 'todo', 'disabled')
    failed += broken === 0 && ended === 'failed' ? 1 : broken
  }
} catch (error) {
  console.error(`no report of tests to read: ${error.message}`)
}
if (failed === 0 && (status !== '0' || passed === 0)) failed = 1
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
