import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseHTML } from 'linkedom'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { rolldown } from 'rolldown'

/** A whole page as bytes to send: doctype and static markup, no hydration. */
export function renderPage(page: ReactNode): string {
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}

/** A document for drawing charts outside a browser. */
export function staticDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document
}

const bundles = new Map<string, { inputs: Map<string, string>; code: string }>()

/**
 * A browser entry (absolute path or file URL) as one minified classic script, an IIFE. Kept in memory until one of the
 * files it was made of changes. Throws what rolldown throws where the entry does not build.
 */
export async function bundleBrowser(entry: string): Promise<string> {
  const input = entry.startsWith('file:') ? fileURLToPath(entry) : entry
  const kept = bundles.get(input)
  if (kept && (await unchanged(kept.inputs))) return kept.code
  const build = await rolldown({ input, platform: 'browser', logLevel: 'warn' })
  try {
    const { output } = await build.generate({
      format: 'iife',
      name: 'avouch',
      minify: true,
      sourcemap: false,
    })
    const chunk = output[0]
    const inputs = new Map<string, string>()
    // Not the chunk's modules: one whose constants were all inlined is not among them.
    for (const path of await build.watchFiles) inputs.set(path, await digest(path))
    bundles.set(input, { inputs, code: chunk.code })
    return chunk.code
  } finally {
    await build.close()
  }
}

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function unchanged(inputs: Map<string, string>): Promise<boolean> {
  for (const [path, was] of inputs) if ((await digest(path)) !== was) return false
  return true
}

const require = createRequire(import.meta.url)

/** The package's own style sheets as one text, in the order in which they are loaded, without fonts. */
export async function styles(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  const read = (name: string) => readFile(join(here, name), 'utf8')
  const index = await read('components.css')
  const parts = [...index.matchAll(/@import "\.\/([^"]+)";/g)].map(([, name]) => name!)
  return (await Promise.all(['tokens.css', 'base.css', ...parts].map(read))).join('\n')
}

type Face = { family: string; file: string; style: 'normal' | 'italic'; weight: string }

const faces: readonly Face[] = [
  {
    family: 'Source Serif 4 Variable',
    file: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
    style: 'normal',
    weight: '200 900',
  },
  {
    family: 'Source Serif 4 Variable',
    file: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2',
    style: 'italic',
    weight: '200 900',
  },
  {
    family: 'Inter Variable',
    file: '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
    style: 'normal',
    weight: '100 900',
  },
]

/** The Latin subsets of the house's fonts, for a server that serves them from its own address. */
export async function fontFiles(): Promise<{ name: string; face: Face; bytes: Buffer }[]> {
  return Promise.all(
    faces.map(async (face) => ({
      name: face.file.slice(face.file.lastIndexOf('/') + 1),
      face,
      bytes: await readFile(require.resolve(face.file)),
    })),
  )
}

/**
 * `@font-face` rules. Without `base` the fonts are inlined as `data:` (about 200 kB, for self-contained files); with
 * it, they are looked for under that address by the names of `fontFiles()`.
 */
export async function fontFaces(base?: string): Promise<string> {
  return (await fontFiles())
    .map(({ name, face, bytes }) => {
      const source =
        base === undefined ? `data:font/woff2;base64,${bytes.toString('base64')}` : `${base}${name}`
      return `@font-face{font-family:"${face.family}";font-style:${face.style};font-weight:${face.weight};font-display:swap;src:url(${source}) format("woff2");unicode-range:${latin}}`
    })
    .join('\n')
}

/** What the Latin subsets hold, as their package says. */
const latin =
  'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD'
