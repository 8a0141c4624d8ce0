import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AvouchError } from '@avouch/core/errors'
import { bundleBrowser, fontFaces, fontFiles, styles } from '@avouch/ui/static'
import type { FastifyPluginAsync } from 'fastify'

type File = { path: string; type: string; body: string | Buffer }

/** What public pages load: each file under an address that holds its digest, so that it never changes there. */
export type Assets = {
  /** Address of the style sheet, which names the fonts by theirs. */
  sheet: string
  /** The verifier's script, bundled when it is first asked for. */
  script(): Promise<string>
  /** The file at an address; undefined where there is none. */
  find(path: string): Promise<File | undefined>
}

/** Reads styles and fonts. Throws where they are not installed. */
export async function loadAssets(): Promise<Assets> {
  const own = await readFile(fileURLToPath(new URL('./portal.css', import.meta.url)), 'utf8')
  let sheet = [await fontFaces(''), await styles(), own].join('\n')
  const files: File[] = []
  for (const { name, bytes } of await fontFiles()) {
    const font = fileOf(name.replace('.woff2', ''), 'woff2', 'font/woff2', bytes)
    sheet = sheet.replaceAll(`url(${name})`, `url(${font.path})`)
    files.push(font)
  }
  const css = fileOf('portal', 'css', 'text/css; charset=utf-8', sheet)
  files.push(css)
  let bundled: Promise<File> | undefined
  const verifier = () => {
    bundled ??= bundleBrowser(new URL('./verifier.ts', import.meta.url).href).then((code) =>
      fileOf('verifier', 'js', 'text/javascript; charset=utf-8', code),
    )
    return bundled
  }
  return {
    sheet: css.path,
    script: async () => (await verifier()).path,
    async find(path) {
      if (!path.startsWith('/assets/verifier-')) return files.find((file) => file.path === path)
      const script = await verifier()
      return script.path === path ? script : undefined
    },
  }
}

function fileOf(name: string, ending: string, type: string, body: string | Buffer): File {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/assets/${name}-${digest}.${ending}`, type, body }
}

/** Serves them under `/assets/`, to be kept for ever. */
export function assetRoutes(assets: Assets): FastifyPluginAsync {
  return async (app) => {
    app.get(
      '/assets/:file',
      { config: { permission: 'public' }, schema: { hide: true } },
      async (request, reply) => {
        const file = await assets.find(request.url.split('?')[0] ?? '')
        if (file === undefined)
          throw new AvouchError('not-found', 'There is no such file', { fix: 'Load the page again.' })
        return reply
          .header('cache-control', 'public, max-age=31536000, immutable')
          .type(file.type)
          .send(file.body)
      },
    )
  }
}
