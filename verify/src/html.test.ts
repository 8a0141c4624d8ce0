import { describe, expect, it } from 'vitest'
import { blockText, figureElement, jsonBlock, readPage } from './html.ts'

const figure = { id: 'breach-rate', value: '0.1', text: '10.0\u202f%' }
const shown = figureElement(figure)

describe('a report page', () => {
  it('gives up its blocks and figures, wherever they stand', () => {
    const block = jsonBlock('avouch-figures', '["</script><b>"]')
    expect(block).not.toContain('</script><b>')
    const { blocks, displayed } = readPage(
      `<p>a ${shown} < b</p><noscript>${shown}</noscript>${block}<template>${shown}</template>`,
    )
    expect(blocks.get('avouch-figures')).toBe(blockText('["</script><b>"]'))
    expect(JSON.parse(blocks.get('avouch-figures')!)).toEqual(['</script><b>'])
    expect(displayed).toEqual([figure, figure, figure])
  })

  it('passes over comments, scripts and styles as a browser does', () => {
    const hidden = [
      `<!-- ${shown} -->`,
      `<script>"${shown}"</script>`,
      `<STYLE>${shown}</STYLE>`,
      `<!--${shown}--!>`,
    ]
    for (const html of hidden) expect(readPage(html).displayed).toEqual([])
    for (const html of [`<!-->${shown}-->`, `<!--->${shown}`, `<!-- --!>${shown}-->`])
      expect(readPage(html).displayed).toEqual([figure])
  })

  it.each([
    ['other attributes', '<data class="figure" value="0.1" data-figure="breach-rate">10</data>'],
    ['another case', shown.replace('<data', '<DATA')],
    ['markup inside', shown.replace('10.0', '<b>10.0</b>')],
    ['an entity inside', shown.replace('10.0', '1&#48;.0')],
    ['no end', '<data class="figure" data-figure="a" value="1">1'],
    ['an element that hides text', `<textarea>${shown}</textarea>`],
    ['a frame', '<iframe src="x"></iframe>'],
    ['a comment without end', `<!-- ${shown}`],
    ['a script without end', `<script>${shown}`],
    ['a block in another form', '<script id="avouch-figures" type="application/json">[]</script>'],
    ['a block twice', jsonBlock('avouch-figures', '[]') + jsonBlock('avouch-figures', '[]')],
  ])('is refused with %s', (_, html) => {
    expect(() => readPage(html)).toThrow(expect.objectContaining({ code: 'report' }))
  })
})
