import { mountVerifier } from '@avouch/verify/browser'

// The page's one script: it reads the file that a reader chooses, and sends nothing.
void mountVerifier(document)
