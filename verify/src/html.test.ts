import { describe, expect, it } from 'vitest'
import { blockText, figureElement, jsonBlock, readPage } from './html.ts'

const figure = { id: 'breach-rate', value: '0.1', text: '10.0\u202f%' }
const shown = figureElement(figure)

describe('a report page', () => {
  it('gives up its blocks and figures, wherever they stand', () => {
    const block = jsonBlock('avouch-figures', '["</script><b>"]')
    expect(block).not.toContain('</script><b>')
    const { blocks, displayed } = readPage(
      `<!doctype html><title>a &lt; b</title><p class="x">a ${shown}</p><svg role="img"><title>${shown}</title></svg>${block}`,
    )
    expect(blocks.get('avouch-figures')).toBe(blockText('["</script><b>"]'))
    expect(JSON.parse(blocks.get('avouch-figures')!)).toEqual(['</script><b>'])
    expect(displayed).toEqual([figure, figure])
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
    ['a sign of markup in an attribute', `<p title="<!--">${shown}<p title="-->">`],
    ['a raw text element in an attribute', `<p title="<style>">${shown}<p title="</style>">`],
    ['a half comment', `<!x <!-- >${shown}<!-- -->`],
    ['a processing instruction', `<?x <!-- >${shown}<!-- -->`],
    ['an end tag of nothing', `</ <!-- >${shown}<!-- -->`],
    ['an end tag with markup', `</p <!-- >${shown}<!-- -->`],
    ['a style within a drawing', `<svg><style>${shown}</style></svg>`],
    ['a script within a drawing', `<svg><script/>${shown}</svg>`],
    ['a section of character data', `<svg><![CDATA[<!--]]></svg>${shown}<!-- -->`],
    ['mathematics', `<math><mtext>${shown}</mtext></math>`],
    ['a choice', `<select><title>${shown}</title></select>`],
    ['a template', `<template>${shown}</template>`],
    ['a figure in another element', '<span class="figure" data-figure="breach-rate" value="0.1">10</span>'],
    ['a handler', '<img onerror="x()">'],
    ['a base', '<base href="/">'],
    ['a refresh', '<meta http-equiv="refresh" content="0">'],
    ['the id of a block on another element', '<div id="avouch-proof"></div>'],
    ['a disguised id', '<div id="&#97;vouch-figures"></div>'],
    ['a lone sign of markup', `<p>a < b ${shown}</p>`],
    ['a block twice', jsonBlock('avouch-figures', '[]') + jsonBlock('avouch-figures', '[]')],
  ])('is refused with %s', (_, html) => {
    expect(() => readPage(html)).toThrow(expect.objectContaining({ code: 'report' }))
  })
})
