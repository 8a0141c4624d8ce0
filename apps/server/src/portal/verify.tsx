import { KeyValues, PageHead, Section } from '@avouch/ui'
import { Command, type Frame, shell } from './shell.tsx'

/** `/verify`: the verifier's panel, which its script fills; without scripts it says what to do instead. */
export function verifyPage(frame: Frame, given: { origin: string; script: string }): string {
  return shell(frame, {
    title: 'Verify a file',
    here: '/verify',
    script: given.script,
    children: (
      <>
        <PageHead title="Verify a file">
          <p>
            Choose a saved report, or drop it into the frame. It is read and checked in your browser and sent
            nowhere.
          </p>
        </PageHead>
        <section id="avouch-verifier" aria-label="Check a file">
          <p>In the browser this needs JavaScript. By command it needs neither browser nor network:</p>
          <Command>npx avouch verify report.html --key KEY</Command>
        </section>
        <Section title="What the answer means" id="answers">
          <KeyValues
            pairs={[
              {
                term: 'Verified',
                value: 'Every check held, and the log’s key is the one that you brought from elsewhere.',
              },
              {
                term: 'Signer unknown',
                value:
                  'Every check held, but without a key from you: whoever made the file may have made its key.',
              },
              {
                term: 'Failed',
                value: 'Some check did not hold. The list names each, and says what was wrong.',
              },
            ]}
          />
          <p className="pt-note">
            A log’s key looks like <code className="pt-break">{given.origin}+1a2b3c4d+AW…</code>. Take it from
            a place that the publisher of the file cannot change: a key that came with a file vouches for
            nothing.
          </p>
          <p className="pt-note">
            “Verified” says that the file is what the log’s keeper signed, and that its figures follow from
            the signed evidence. It does not say that the prose is true, that nothing was left out, or which
            weights answered when a model was tested.
          </p>
        </Section>
      </>
    ),
  })
}
