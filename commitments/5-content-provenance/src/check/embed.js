// Puts a button under every picture with the attribute data-avouch-check, which asks the server this script came from
// whether it made the picture. Only the picture's address is sent, and only when somebody presses the button.
;(() => {
  const from = document.currentScript?.src
  if (!from) return
  const words = { button: 'Was this made by AI?', asking: 'Asking…', failed: 'It could not be checked.' }

  const check = async (image, button, answer) => {
    button.disabled = true
    answer.textContent = words.asking
    try {
      const address = new URL('check', from)
      address.searchParams.set('url', image.currentSrc || image.src)
      const response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' })
      if (!response.ok) throw new Error(String(response.status))
      const checked = await response.json()
      answer.textContent = checked.words
      answer.dataset.verdict = checked.verdict
    } catch {
      answer.textContent = words.failed
    } finally {
      button.disabled = false
    }
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
    const answer = document.createElement('span')
    answer.setAttribute('role', 'status')
    answer.style.marginInlineStart = '0.6em'
    box.append(button, answer)
    image.after(box)
    button.addEventListener('click', () => check(image, button, answer))
  }

  const start = () => document.querySelectorAll('img[data-avouch-check]').forEach((image) => dress(image))
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
