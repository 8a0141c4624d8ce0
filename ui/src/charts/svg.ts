/** The ink of charts: CSS variables, so that one drawing serves light, dark and print. */
export const ink = {
  text: 'var(--av-ink)',
  soft: 'var(--av-ink-soft)',
  rule: 'var(--av-rule)',
  axis: 'var(--av-rule-strong)',
  paper: 'var(--av-paper)',
  first: 'var(--av-chart-a)',
  second: 'var(--av-chart-b)',
} as const

/** What every chart needs beside its data. `id` must be unique on the page. */
export type ChartText = {
  id: string
  /** A short name, read first. */
  title: string
  /** What a person who cannot see it should know: the finding, not the shape. Must not be empty. */
  alt: string
}

/** `narrow` is drawn for 320 CSS pixels, `wide` for 720; show one of them by media query. */
export type ChartWidth = 'narrow' | 'wide'
export const chartWidths: Record<ChartWidth, number> = { narrow: 320, wide: 720 }

/**
 * Makes what Plot drew an accessible picture (SVG-AAM: `role=img`, title and description), sized by its viewBox.
 * Returns its markup. Throws `TypeError` without alternative text.
 */
export function finish(drawn: Element, { id, title, alt }: ChartText, width: ChartWidth): string {
  if (alt.trim() === '') throw new TypeError(`chart "${id}" has no alternative text`)
  const document = drawn.ownerDocument
  const svg = drawn.localName === 'svg' ? drawn : drawn.querySelector('svg')
  if (!svg) throw new TypeError(`chart "${id}" drew no SVG`)
  for (const style of [...svg.querySelectorAll('style')]) style.remove()
  for (const part of [...svg.querySelectorAll('[aria-label], [aria-description], [aria-hidden]')]) {
    part.removeAttribute('aria-label')
    part.removeAttribute('aria-description')
    part.removeAttribute('aria-hidden')
  }
  const key = `${id}-${width}`
  for (const [name, text] of [
    ['desc', alt],
    ['title', title],
  ] as const) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name)
    node.setAttribute('id', `${key}-${name}`)
    node.textContent = text
    svg.insertBefore(node, svg.firstChild)
  }
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-labelledby', `${key}-title ${key}-desc`)
  svg.setAttribute('class', `av-plot av-chart-${width}`)
  svg.removeAttribute('width')
  svg.removeAttribute('height')
  return svg.outerHTML
}
