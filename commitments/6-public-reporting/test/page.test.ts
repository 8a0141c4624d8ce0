import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { registerRelease } from '@avouch/core/gate'
import type { OpenInstallation } from '@avouch/core/open'
import { trustedKeys } from '@avouch/core/trust'
import sparticuz from '@sparticuz/chromium'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dressReport } from '../src/dress.ts'
import reporting from '../src/index.ts'
import { publishReport } from '../src/publish.ts'
import { buildReport } from '../src/report.ts'
import { exampleInput } from './example.ts'
import { testInstallation } from './installation.ts'
import { measured, measurement, measuring } from './measuring.ts'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}

let browser: Browser
let server: Server
let installation: OpenInstallation
let key: string
const files = new Map<string, Uint8Array | string>()
const asked: string[] = []

beforeAll(async () => {
  const commitments = [measuring, reporting]
  installation = await testInstallation(commitments)
  const release = 'example-model@2.0'
  const about = { release, snapshot: 'id:example-2', configuration: 'safeguarded' } as const
  await registerRelease(installation, about, { model: 'example', adapter: 'openai' })
  await installation.evidence.append({ type: measured, fields: measurement([0, 3, 1, 0, 7]), about })
  const published = await publishReport({ installation, commitments, release })
  key = (await trustedKeys(installation.config))[0] ?? ''
  const html = published.files.get('report.html')!
  files.set('/published', html)
  files.set('/forged', new TextDecoder().decode(html).replaceAll('>5.5\u202f%<', '>1.5\u202f%<'))
  files.set('/example', await dressReport(buildReport(exampleInput())))
  server = createServer((request, response) => {
    asked.push(request.url!)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(files.get(request.url!) ?? '')
  }).listen(0, '127.0.0.1')
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
  server?.close()
  await installation?.close()
})

async function open(
  path: string,
  use: (page: Page) => Promise<void>,
  options: {
    width?: number
    colorScheme?: 'light' | 'dark'
    javaScriptEnabled?: boolean
    bypassCSP?: boolean
  } = {},
): Promise<void> {
  const { width = 1280, ...rest } = options
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...rest })
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
    await use(page)
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([])
  } finally {
    await context.close()
  }
}

test.each([
  ['/example', 320, 'light'],
  ['/published', 768, 'light'],
  ['/example', 1280, 'dark'],
] as const)(
  '%s is accessible and does not scroll sideways at %i px, %s',
  async (path, width, colorScheme) => {
    await open(
      path,
      async (page) => {
        await page.evaluate(axe)
        const { violations, passes } = await page.evaluate<AxeResults, RunOptions>(
          (options) =>
            (globalThis as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(options),
          tags,
        )
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`),
        ).toEqual([])
        expect(passes.map(({ id }) => id)).toContain('color-contrast')
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(wide).toBe(0)
      },
      { width, colorScheme, bypassCSP: true },
    )
  },
)

test('the page checks itself, says consistent, and verified only with the key', async () => {
  await open('/published', async (page) => {
    const status = page.locator('.avouch-status')
    await status.filter({ hasText: 'Consistent' }).waitFor()
    expect(await page.locator('.figure[data-state="ok"]').count()).toBeGreaterThan(1)
    expect(await page.locator('.figure[data-state="attested"]').count()).toBeGreaterThan(1)
    expect(await page.locator('.figure[data-state="failed"]').count()).toBe(0)
    await page.getByLabel('Key of the log').fill(key)
    await page.getByLabel('Key of the log').press('Enter')
    await status.filter({ hasText: 'Verified' }).waitFor()
  })
})

test('a forged figure is marked, with a sign and in words', async () => {
  await open('/forged', async (page) => {
    await page.locator('.avouch-status').filter({ hasText: 'Failed' }).waitFor()
    expect(
      await page.locator('.figure[data-figure="breaches"][data-state="failed"]').count(),
    ).toBeGreaterThan(0)
  })
})

test('without scripts a figure opens to its evidence beside the text, and closes where it was', async () => {
  await open(
    '/published',
    async (page) => {
      const mention = page.locator('.rp-prose a[href="#note-breaches"]')
      await mention.scrollIntoViewIfNeeded()
      const before = await page.evaluate(() => window.scrollY)
      await mention.click()
      const note = page.locator('#note-breaches')
      expect(await note.evaluate((node) => getComputedStyle(node).position)).toBe('fixed')
      expect(await note.innerText()).toContain('/clusters')
      expect(await page.evaluate(() => window.scrollY)).toBe(before)
      await note.getByRole('link', { name: 'Close' }).click()
      expect(await note.evaluate((node) => getComputedStyle(node).position)).toBe('static')
      expect(await page.evaluate(() => window.scrollY)).toBe(before)
    },
    { javaScriptEnabled: false },
  )
})

test('on paper the notes are listed and the controls are gone', async () => {
  await open('/published', async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.locator('#avouch-verifier').isVisible()).toBe(false)
    expect(await page.locator('#note-breaches').isVisible()).toBe(true)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    )
    const number = page.locator('.rp-prose .rp-mention').first()
    expect(await number.evaluate((node) => getComputedStyle(node, '::after').content)).toBe('"1"')
  })
})

test('no page asked for anything but itself', () => {
  expect(asked.filter((url) => !files.has(url) && url !== '/favicon.ico')).toEqual([])
})
