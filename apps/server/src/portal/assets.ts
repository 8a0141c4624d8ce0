import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleBrowser, fontFaces, fontFiles, styles } from '@avouch/ui/static'
import type { FastifyPluginAsync } from 'fastify'

const open = { config: { permission: 'public' }, schema: { hide: true } } as const

/** What the public pages load, under `/assets/`: one style sheet, its fonts, and the verifier's script. */
export const portalAssets: FastifyPluginAsync = async (app) => {
  const own = await readFile(fileURLToPath(new URL('./portal.css', import.meta.url)), 'utf8')
  const sheet = [await fontFaces('/assets/'), await styles(), own].join('\n')
  serve('/assets/portal.css', 'text/css; charset=utf-8', async () => sheet)
  serve('/assets/verifier.js', 'text/javascript; charset=utf-8', () =>
    bundleBrowser(new URL('./verifier.ts', import.meta.url).href),
  )
  for (const { name, bytes } of await fontFiles()) serve(`/assets/${name}`, 'font/woff2', async () => bytes)

  function serve(path: string, type: string, read: () => Promise<string | Buffer>): void {
    app.get(path, open, async (request, reply) => {
      const body = await read()
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
      reply.header('cache-control', 'public, max-age=300').header('etag', etag)
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type(type).send(body)
    })
  }
}
