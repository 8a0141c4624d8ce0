import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenInstallation } from '@avouch/core/open'
import { trustedKeys } from '@avouch/core/trust'
import { findPublication, type ReportFiles } from '@avouch/public-reporting/publish'
import { verifyReport } from '@avouch/verify'
import sparticuz from '@sparticuz/chromium'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../src/server.ts'
import { publishing, RELEASE } from './published.ts'

const REPORT = `/reports/${RELEASE}`
const PAGES = ['/', REPORT, '/check', '/verify', '/log', '/reports/nobody@1']
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
/** What changes with the colours: the rest is looked at in the light. */
const colours: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } }

let given: Awaited<ReturnType<typeof publishing>>
let installation: OpenInstallation
let server: RunningServer
let browser: Browser
let report: ReportFiles
let empty: { home: string; log: string }
let key: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-saved-'))
  given = await publishing()
  installation = given.installation
  server = await startServer(installation, { commitments: given.commitments, only: ['portal'] })
  empty = { home: await text('/'), log: await text('/log') }
  report = await given.publish()
  key = (await trustedKeys(installation.config))[0] ?? ''
  browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await given?.close()
  await rm(folder, { recursive: true, force: true })
})

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers: { accept: 'text/html', ...headers } })
}

async function text(path: string): Promise<string> {
  return (await ask(path)).text()
}

async function open(
  path: string,
  use: (page: Page, complaints: string[]) => Promise<void>,
  options: BrowserContextOptions & { width?: number } = {},
): Promise<void> {
  const { width = 1280, ...rest } = options
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...rest })
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${server.url}${path}`)
    await use(page, complaints)
  } finally {
    await context.close()
  }
}

describe('the public pages', () => {
  test('say so while nothing is published', () => {
    expect(empty.home).toContain('No report is published yet')
    expect(empty.log).toContain('No checkpoint is published yet')
  })

  test('answer with what is published, without script, under a policy that allows none', async () => {
    for (const path of ['/', REPORT, '/log']) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(200)
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'none'")
      expect(await answer.text()).not.toContain('<script')
    }
    const home = await text('/')
    expect(home).toContain(`href="${REPORT}"`)
    expect(home).toContain('1 part withheld')
    expect(home).toContain('/.well-known/security.txt')
    expect(home).toContain('Avouch 0.1.0')
    const index = await text(REPORT)
    expect(index).toContain(key)
    expect(index).toContain(`${server.url}${REPORT}/report.html`)
    const log = await text('/log')
    const checkpoint = await text('/log/checkpoint')
    expect(log).toContain(checkpoint.split('\n')[2])
    expect(log).toContain(key)
  })

  test('serve the report byte for byte, and the bytes verify', async () => {
    for (const [name, type] of [
      ['report.html', 'text/html'],
      ['report.json', 'application/json'],
      ['model-card.md', 'text/markdown'],
    ] as const) {
      const answer = await ask(`${REPORT}/${name}`)
      expect(answer.headers.get('content-type')).toContain(type)
      expect(answer.headers.get('content-security-policy')).toContain('sandbox')
      const bytes = new Uint8Array(await answer.arrayBuffer())
      expect(Buffer.compare(bytes, report.files.get(name)!)).toBe(0)
      if (name !== 'model-card.md')
        expect((await verifyReport(bytes, { trustedKey: key })).status).toBe('verified')
      const again = await ask(`${REPORT}/${name}`, { 'if-none-match': answer.headers.get('etag') ?? '' })
      expect(again.status).toBe(304)
    }
  })

  test('load only files that never change at their address', async () => {
    const page = await text('/verify')
    const sheet = /href="(\/assets\/portal-[0-9a-f]{16}\.css)"/.exec(page)?.[1] ?? ''
    const script = /src="(\/assets\/verifier-[0-9a-f]{16}\.js)"/.exec(page)?.[1] ?? ''
    const css = await text(sheet)
    const fonts = [...css.matchAll(/url\((\/assets\/[^)]+\.woff2)\)/g)].map(([, path]) => path!)
    expect(fonts).toHaveLength(3)
    for (const path of [sheet, script, ...fonts]) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(200)
      expect(answer.headers.get('cache-control')).toContain('immutable')
    }
    expect((await ask(sheet.replace(/-[0-9a-f]{16}/, '-0000000000000000'))).status).toBe(404)
  })

  test('have errors in the same dress: people get a page, programs JSON', async () => {
    for (const path of ['/nothing', '/reports/nobody@1', '/reports/nobody@1/report.html', '/reports/x']) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(path === '/reports/x' ? 400 : 404)
      expect(answer.headers.get('content-security-policy'), path).not.toContain('sandbox')
      const page = await answer.text()
      expect(page, path).toContain('/assets/portal-')
      expect(page, path).toContain('To the published reports')
    }
    expect(await text('/reports/%3Cscript%3E@1')).not.toContain('<script>@1')
    const answer = await ask('/reports/nobody@1', { accept: 'application/json' })
    expect(await answer.json()).toMatchObject({ error: { code: 'not-found' } })
  })

  test('say that the newest report replaces an earlier one, once it does', async () => {
    expect(await text(REPORT)).not.toContain('replaces an earlier one')
    report = await given.publishAgain()
    expect(await text(REPORT)).toContain('replaces an earlier one')
  })
})

describe('in a browser', () => {
  test.each(PAGES)(
    '%s: axe finds nothing, narrow and wide, light and dark; nothing scrolls sideways',
    async (path) => {
      await open(
        path,
        async (page, complaints) => {
          await page.evaluate(axe)
          for (const [width, colorScheme, asked] of [
            [320, 'light', tags],
            [320, 'dark', colours],
            [1280, 'light', tags],
            [1280, 'dark', colours],
          ] as const) {
            await page.setViewportSize({ width, height: 800 })
            await page.emulateMedia({ colorScheme })
            const { violations, passes } = await page.evaluate<AxeResults, RunOptions>(
              (options) =>
                (globalThis as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(
                  options,
                ),
              asked,
            )
            const where = `${width} px, ${colorScheme}`
            expect(
              violations.map(({ id, nodes }) => `${where} ${id}: ${nodes.map(({ target }) => target)}`),
            ).toEqual([])
            expect(passes.map(({ id }) => id)).toContain('color-contrast')
            const wide = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            )
            expect(wide, where).toBe(0)
          }
          expect(complaints.filter((said) => !said.includes('404'))).toEqual([])
        },
        { width: 320, bypassCSP: true },
      )
    },
  )

  test('the keyboard reaches everything, in order, and shows where it is', async () => {
    await open('/', async (page) => {
      const seen: string[] = []
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const element = document.activeElement
          if (!(element instanceof HTMLElement) || element === document.body) return undefined
          return { said: element.innerText.trim(), outline: getComputedStyle(element).outlineStyle }
        })
        if (at === undefined) break
        expect(at.outline, at.said).not.toBe('none')
        seen.push(at.said.replace(/\s+/g, ' '))
      }
      expect(seen.slice(0, 4)).toEqual(['Skip to content', 'Avouch', 'Reports', 'Check content'])
      expect(seen.slice(4, 6)).toEqual(['Verify a file', 'The log'])
      expect(seen).toContain(RELEASE)
      expect(seen.some((said) => said.startsWith('Read the report'))).toBe(true)
      expect(seen.at(-1)).toBe('Report a security problem')
      await page.keyboard.press('Home')
      await page.getByText('Skip to content').focus()
      await page.keyboard.press('Enter')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    })
  })

  test('a file is checked where it is, with and without a key; an altered one fails', async () => {
    const html = report.files.get('report.html')!
    const saved = join(folder, 'report.html')
    const altered = join(folder, 'altered.html')
    await writeFile(saved, html)
    await writeFile(altered, Buffer.from(html).toString('utf8').replace('broke through', 'came through'))
    await open('/verify', async (page, complaints) => {
      const status = page.locator('.avouch-status')
      const asked: string[] = []
      await status.filter({ hasText: 'No file chosen' }).waitFor()
      page.on('request', (request) => asked.push(request.url()))
      await page.getByLabel('File to check').setInputFiles(saved)
      await status.filter({ hasText: 'Signer unknown' }).waitFor()
      await page.getByLabel('Key of the log').fill(key)
      await page.getByLabel('Key of the log').press('Enter')
      await status.filter({ hasText: 'Verified: report.html' }).waitFor()
      await page.getByLabel('File to check').setInputFiles(altered)
      await status.filter({ hasText: 'Failed' }).waitFor()
      expect(asked).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  test('a picture is sent by a plain form, and what is none is told', async () => {
    await open('/check', async (page) => {
      await page.getByRole('button', { name: 'Check it' }).click()
      await page.getByText('Nothing was chosen').waitFor()
      const file = { name: 'picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') }
      await page.getByLabel('Choose a picture').setInputFiles(file)
      await page.getByRole('button', { name: 'Check it' }).press('Enter')
      await page.getByText('The file is of no kind known here').waitFor()
    })
  })

  test('a file can be dropped', async () => {
    const content = Buffer.from(report.files.get('report.json')!).toString('utf8')
    await open('/verify', async (page) => {
      await page.locator('.avouch-status').filter({ hasText: 'No file chosen' }).waitFor()
      await page.evaluate((data) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([data], 'report.json', { type: 'application/json' }))
        document
          .getElementById('avouch-verifier')
          ?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, content)
      await page.locator('.avouch-status').filter({ hasText: 'Signer unknown: report.json' }).waitFor()
    })
  })

  test('the report as served checks itself: consistent, and verified with the key', async () => {
    await open(`${REPORT}/report.html`, async (page, complaints) => {
      const status = page.locator('.avouch-status')
      await status.filter({ hasText: 'Consistent' }).waitFor()
      await page.getByLabel('Key of the log').fill(key)
      await page.getByRole('button', { name: 'Check again' }).click()
      await status.filter({ hasText: 'Verified' }).waitFor()
      expect(complaints).toEqual([])
    })
  })

  test('without JavaScript one can read everything, and is told how to verify', async () => {
    await open(
      '/',
      async (page) => {
        await page.getByRole('link', { name: RELEASE, exact: true }).click()
        expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(RELEASE)
        const saving = page.waitForEvent('download')
        await page.getByRole('link', { name: 'Save report.html' }).click()
        const path = await (await saving).path()
        expect(Buffer.compare(await readFile(path), report.files.get('report.html')!)).toBe(0)
        await page.getByRole('link', { name: 'Read the report' }).click()
        expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(RELEASE)
        await page.goto(`${server.url}/verify`)
        expect(await page.locator('#avouch-verifier').innerText()).toContain('npx avouch verify report.html')
      },
      { javaScriptEnabled: false },
    )
  })
})

test('a published file that is gone from the disk is owned up to, in the same dress', async () => {
  const publication = await findPublication(installation.db, RELEASE)
  const { blobs } = installation.config
  if (blobs.kind !== 'folder' || !publication) throw new Error('blobs of this test lie in a folder')
  await rm(join(blobs.dir, publication.folder), { recursive: true })
  const answer = await ask(`${REPORT}/report.html`)
  expect(answer.status).toBeGreaterThanOrEqual(500)
  const page = await answer.text()
  expect(page).toContain('/assets/portal-')
  expect(page).toContain('Restore the blobs from a backup')
})
