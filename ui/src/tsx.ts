import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'rolldown/utils'

/**
 * Importing this module lets Node import `.tsx` files from then on: a synchronous loader hook hands them to
 * rolldown (types off, React's automatic JSX runtime), with source maps inline. Files inside `node_modules` are left
 * alone. Importing it twice, even from two copies of this package, registers one hook.
 *
 * Static imports are linked before any code runs, so a `.tsx` file must be reached by `await import(...)` after it.
 */
const registered = Symbol.for('@avouch/ui/tsx')

const scope = globalThis as { [registered]?: true }
if (!scope[registered]) {
  scope[registered] = true
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith('file:') || !isTsx(url)) return nextLoad(url, context)
      const path = fileURLToPath(url)
      return { format: 'module', source: transformTsx(path, readFileSync(path, 'utf8')), shortCircuit: true }
    },
  })
}

function isTsx(url: string): boolean {
  const end = url.search(/[?#]/)
  const path = end < 0 ? url : url.slice(0, end)
  return path.endsWith('.tsx') && !path.includes('/node_modules/')
}

/** JavaScript of one `.tsx` file, its source map inline. Throws `SyntaxError` naming file and place. */
export function transformTsx(path: string, source: string): string {
  const result = transformSync(path, source, {
    lang: 'tsx',
    sourcemap: true,
    jsx: { runtime: 'automatic', development: false },
  })
  const error = result.errors[0]
  if (error) throw new SyntaxError(`${path}: ${error.message}`)
  if (!result.map) return result.code
  const map = Buffer.from(JSON.stringify({ ...result.map, sources: [path] })).toString('base64')
  return `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}\n`
}
