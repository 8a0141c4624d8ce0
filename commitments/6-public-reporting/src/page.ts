import { mountVerifier } from '@avouch/verify/browser'

// The report's one script: the verifier, mounted as soon as the page is read. It comes before the proof block, so it
// waits until the whole file is parsed.
if (document.readyState === 'loading')
  document.addEventListener('DOMContentLoaded', () => mountVerifier(document))
else mountVerifier(document)
