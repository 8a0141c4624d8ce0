import type { Check } from './check.ts'
import { VerifyError } from './errors.ts'
import { verifyFile } from './file.ts'
import type { DisplayedFigure } from './html.ts'
import { verifyPage } from './report.ts'
import { FIGURES_BLOCK, MAX_FILE, PROOF_BLOCK } from './report-file.ts'
import type { Verdict, VerifyOptions } from './verdict.ts'

export { verifyFile, verifyPage }

/** Where the panel goes: the element of this id, which may hold a text for readers without JavaScript. */
export const PANEL_ID = 'avouch-verifier'

/**
 * Puts the verifier into a page, and runs it where the page is a report. A page cannot read its own bytes (what
 * `outerHTML` answers is written anew by the browser), so within a report two things are told apart: the figures
 * shown are checked at once, from the page's two data blocks; the whole file, prose included, only when the reader
 * chooses the saved file. Nothing is fetched and nothing leaves the page. Does nothing where the page has no element
 * `#avouch-verifier`. Resolves when the first check is done.
 */
export async function mountVerifier(document: Document): Promise<void> {
  // The proof stands at the very end, below any script that calls this.
  if (document.readyState === 'loading')
    await new Promise((done) => document.addEventListener('DOMContentLoaded', done, { once: true }))
  const host = document.getElementById(PANEL_ID)
  if (host === null) return
  const panel = buildPanel(document, host)
  const page = readDocument(document)
  let file: { name: string; bytes: Uint8Array } | undefined
  let turn = 0

  const run = async () => {
    const mine = ++turn
    const key = panel.key.value.trim()
    const options: VerifyOptions = { inPage: page !== undefined, ...(key !== '' && { trustedKey: key }) }
    if (page === undefined && file === undefined) {
      panel.status.textContent = 'No file chosen yet.'
      return
    }
    panel.status.textContent = 'Checking…'
    try {
      const verdict =
        file === undefined ? await verifyPage(page!, options) : await verifyFile(file.bytes, options)
      if (mine !== turn) return
      show(document, panel, verdict, file?.name)
      if (file === undefined) markFigures(document, verdict)
    } catch (error) {
      if (mine !== turn) return
      panel.status.dataset.status = 'failed'
      panel.status.textContent =
        error instanceof VerifyError ? error.message : `The check broke off: ${String(error)}`
      panel.list.replaceChildren()
    }
  }

  panel.key.addEventListener('change', run)
  panel.form.addEventListener('submit', (event) => {
    event.preventDefault()
    run()
  })
  const choose = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    if (chosen.size > MAX_FILE) {
      panel.status.dataset.status = 'failed'
      panel.status.textContent = `${chosen.name} is larger than 64 MB and was not read.`
      return
    }
    file = { name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) }
    await run()
  }
  panel.file.addEventListener('change', () => choose(panel.file.files?.[0]))
  host.addEventListener('dragover', (event) => event.preventDefault())
  host.addEventListener('drop', (event) => {
    event.preventDefault()
    choose(event.dataTransfer?.files[0])
  })
  await run()
}

type Panel = {
  form: HTMLFormElement
  key: HTMLInputElement
  file: HTMLInputElement
  status: HTMLElement
  note: HTMLElement
  list: HTMLElement
}

function buildPanel(document: Document, host: HTMLElement): Panel {
  const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string, text = '') => {
    const element = document.createElement(name)
    element.className = className
    element.textContent = text
    return element
  }
  const field = (id: string, text: string, type: string, hint: string) => {
    const label = make('label', 'avouch-label', text)
    const input = make('input', 'avouch-input')
    const help = make('p', 'avouch-hint', hint)
    input.id = id
    input.type = type
    label.htmlFor = id
    help.id = `${id}-hint`
    input.setAttribute('aria-describedby', help.id)
    return { input, parts: [label, input, help] }
  }
  const status = make('p', 'avouch-status')
  status.setAttribute('role', 'status')
  status.setAttribute('aria-live', 'polite')
  const note = make('p', 'avouch-note')
  const form = make('form', 'avouch-form')
  const key = field(
    `${PANEL_ID}-key`,
    'Key of the log',
    'text',
    'Paste the key from somewhere you trust, not from this file: NAME+KEYID+BASE64.',
  )
  key.input.autocomplete = 'off'
  key.input.spellcheck = false
  const file = field(
    `${PANEL_ID}-file`,
    'File to check',
    'file',
    'Choose or drop a saved report. It is read here and sent nowhere.',
  )
  file.input.accept = '.html,.json'
  const button = make('button', 'avouch-button', 'Check again')
  button.type = 'submit'
  form.append(...key.parts, ...file.parts, button)
  const details = make('details', 'avouch-details')
  const list = make('ul', 'avouch-checks')
  details.append(make('summary', 'avouch-summary', 'Every check'), list)
  host.replaceChildren(status, note, form, details)
  return { form, key: key.input, file: file.input, status, note, list }
}

/** What the page embeds and shows, as `verifyPage` takes it; undefined where the page is no report. */
function readDocument(document: Document): Parameters<typeof verifyPage>[0] | undefined {
  const figures = document.getElementById(FIGURES_BLOCK)?.textContent
  const proof = document.getElementById(PROOF_BLOCK)?.textContent
  if (figures == null || proof == null) return undefined
  return { figures, proof, displayed: figureElements(document).map(readElement) }
}

function figureElements(document: Document): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('data, [data-figure]')]
}

function readElement(element: HTMLElement): DisplayedFigure {
  return {
    id: element.dataset.figure ?? '',
    value: element.getAttribute('value') ?? '',
    text: element.textContent ?? '',
  }
}

function show(document: Document, panel: Panel, verdict: Verdict, fileName: string | undefined): void {
  panel.status.dataset.status = verdict.status
  panel.status.textContent = summary(verdict, fileName)
  panel.note.textContent = note(verdict)
  panel.list.replaceChildren(
    ...verdict.checks.map((check) => {
      const item = document.createElement('li')
      item.dataset.state = stateOf(check)
      item.textContent = `${WORDS[stateOf(check)]} · ${check.name}: ${check.detail}`
      return item
    }),
  )
}

/** The verdict in one sentence. */
export function summary(verdict: Verdict, fileName?: string): string {
  const failed = verdict.checks.filter(({ ok }) => !ok)
  const what = fileName ?? 'The figures on this page'
  const plural = fileName === undefined
  switch (verdict.status) {
    case 'verified':
      return `Verified: ${what} ${plural ? 'are' : 'is'} what ${verdict.origin} signed with the key you gave.`
    case 'consistent':
      return `Consistent: ${what} ${plural ? 'agree with their' : 'agrees with its'} evidence and proofs. Who signed them only a key from elsewhere can tell.`
    case 'signer-unknown':
      return `Signer unknown: ${what} agrees with its evidence and proofs, but nothing here says whose key signed them. Paste a key from elsewhere.`
    case 'failed':
      return `Failed: ${failed
        .map(({ name, detail }) => `${name}: ${detail}`)
        .slice(0, 3)
        .join(' ')}${failed.length > 3 ? ` And ${failed.length - 3} more.` : ''}`
  }
}

function note(verdict: Verdict): string {
  const bytes = verdict.bytesChecked
    ? 'Every byte of the file before its proof was compared with the signed digest.'
    : 'Only the figures and their proofs were checked, not the prose: to check every byte, choose the file below (where you must save it first: as HTML only, unchanged).'
  if (verdict.treeSize === 0) return ''
  const rest = verdict.unopened === 0 ? '' : `; what the other ${verdict.unopened} hold it does not say`
  return `${bytes} Of ${verdict.treeSize} leaves in the log this file opens ${verdict.opened}${rest}.`
}

const WORDS = { ok: 'Holds', attested: 'Attested', failed: 'Fails' } as const

function stateOf(check: Check): keyof typeof WORDS {
  return check.ok ? (check.attested ? 'attested' : 'ok') : 'failed'
}

/** Marks each figure in the page with `data-state` and says in its title what was checked. */
function markFigures(document: Document, verdict: Verdict): void {
  const whole = verdict.checks.every(({ ok, figure }) => ok || figure !== undefined)
  for (const element of figureElements(document)) {
    const checks = verdict.checks.filter(
      ({ figure }) => figure !== undefined && figure === element.dataset.figure,
    )
    const broken = checks.find(({ ok }) => !ok)
    const said = checks.at(-1)
    if (broken !== undefined || said === undefined || !whole) {
      element.dataset.state = 'failed'
      element.title =
        broken?.detail ?? 'The proof in this page does not hold, so nothing is known of this figure.'
    } else {
      element.dataset.state = stateOf(said)
      element.title = said.detail
    }
  }
}
