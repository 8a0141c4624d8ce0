// Puts a button under every picture with the attribute data-avouch-check, now or later, which asks the server this script
// came from whether it made the picture. Only the picture's address is sent, and only when somebody presses the button.
;(() => {
  const from = document.currentScript?.src
  if (!from) return
  const words = {
    button: 'Was this made by AI?',
    asking: 'Asking…',
    failed: 'It could not be checked.',
    inPage: 'It could not be checked: the picture is part of this page, and has no address of its own.',
  }

  const ask = async (source) => {
    if (!/^https?:/.test(source)) return { words: words.inPage }
    const address = new URL('check', from)
    address.searchParams.set('url', source)
    const response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' })
    const answer = await response.json()
    if (response.ok) return answer
    // why, in the server's words
    const why = answer?.error?.message
    return { words: typeof why === 'string' ? `${words.failed} (${why.slice(0, 300)})` : words.failed }
  }

  const check = async (image, button, answer) => {
    // not disabled: whoever came by keyboard would lose their place
    if (button.getAttribute('aria-disabled') === 'true') return
    button.setAttribute('aria-disabled', 'true')
    delete answer.dataset.verdict
    answer.textContent = words.asking
    const checked = await ask(image.currentSrc || image.src).catch(() => ({ words: words.failed }))
    answer.textContent = checked.words
    if (checked.verdict) answer.dataset.verdict = checked.verdict
    button.removeAttribute('aria-disabled')
  }

  const dress = (image) => {
    if (image.dataset.avouchCheck === 'ready') return
    image.dataset.avouchCheck = 'ready'
    const box = document.createElement('span')
    box.className = 'avouch-check'
    box.style.display = 'block'
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = words.button
    if (image.alt) button.setAttribute('aria-label', `${words.button} ${image.alt}`)
    const answer = document.createElement('span')
    answer.setAttribute('role', 'status')
    answer.style.marginInlineStart = '0.6em'
    box.append(button, answer)
    // a button in a link would follow it, and in a <picture> it would not be shown
    let beside = image.closest('picture') ?? image
    beside = beside.parentElement?.closest('a, button, label, summary') ?? beside
    beside.after(box)
    button.addEventListener('click', () => check(image, button, answer))
  }

  const pictures = 'img[data-avouch-check]'
  const start = () => {
    document.querySelectorAll(pictures).forEach((image) => dress(image))
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue
          if (node.matches(pictures)) dress(node)
          node.querySelectorAll(pictures).forEach((image) => dress(image))
        }
    }).observe(document.body, { childList: true, subtree: true })
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
