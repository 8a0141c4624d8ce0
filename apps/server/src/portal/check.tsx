import { type Checked, groupedContentId, type LayerFinding } from '@avouch/content-provenance/check'
import { Button, Disclosure, Field, KeyValues, Notice, PageHead, Section } from '@avouch/ui'
import { Command, type Frame, shell } from './shell.tsx'

/** Why there is no answer. */
export type Problem = { problem: string; fix: string | undefined }

const HEADINGS: Record<Checked['verdict'], string> = {
  ours: 'Made here, by AI',
  'ours, altered': 'Made here, by AI, and altered since',
  'marked by another': 'Marked by somebody else',
  'no mark found': 'No mark found',
}

const IN_PART = 'Made here, by AI, in part'
const CHECK = 'Check a picture, sound or film'

/** A copied mark has no verdict of its own, for there is none of this content; nor has a page that shows ours. */
function headingOf({ verdict, copied, within, unconfirmed }: Checked): string {
  if (unconfirmed) return 'A mark of ours, which may have been copied'
  if (within) return IN_PART
  return copied && verdict === 'no mark found' ? 'A mark of ours, of other content' : HEADINGS[verdict]
}

const LAYERS: Record<LayerFinding['layer'], string> = {
  watermark: 'Invisible watermark',
  manifest: 'Signed manifest (C2PA)',
  fingerprint: 'Fingerprint in the register',
}

/** `/check`: the form, and above it the answer where something was asked. */
export function checkPage(
  frame: Frame,
  given: { url: string; feedback: string | undefined; most: number; answer: Checked | Problem | undefined },
): string {
  const { url, feedback, most, answer } = given
  return shell(frame, {
    title: answer === undefined || 'problem' in answer ? CHECK : headingOf(answer),
    here: '/check',
    children: (
      <>
        {answer === undefined ? (
          <PageHead title="Was this picture, sound or film made here?">
            <p>
              Pictures, sound and films that our AI services make carry marks. Choose a file or paste a link
              to it: the marks are looked for, and the file is forgotten once you have the answer.
            </p>
          </PageHead>
        ) : (
          <Answer answer={answer} feedback={feedback} />
        )}
        <Form most={most} again={answer !== undefined} />
        <Meaning />
        <Section title="In other pages and programs" id="embed">
          <p className="pt-prose">
            Any site can let its readers check its pictures. One script puts a button under every picture that
            has the attribute; nothing is sent before somebody presses it.
          </p>
          <Command>
            {`<script src="${new URL('/v1/content/check.js', url).href}" defer></script>\n<img src="picture.jpg" alt="…" data-avouch-check>`}
          </Command>
          <p className="pt-note">
            Programs send a file to <code className="pt-break">POST /v1/content/check</code>. Validators of
            C2PA recover stripped manifests by the Soft Binding Resolution API under{' '}
            <code className="pt-break">/v1/content</code>.
          </p>
        </Section>
      </>
    ),
  })
}

function Answer({ answer, feedback }: { answer: Checked | Problem; feedback: string | undefined }) {
  if ('problem' in answer)
    return (
      <>
        <PageHead title={CHECK} />
        <Notice tone="alert" title="It could not be checked">
          <p>{sentence(answer.problem)}</p>
          {answer.fix && <p>{sentence(answer.fix)}</p>}
        </Notice>
      </>
    )
  const { words, contentId, service, model, markedAt, layers } = answer
  return (
    <>
      <PageHead title={headingOf(answer)}>
        <p>{words}</p>
      </PageHead>
      <Section title="What was found" id="found">
        {contentId !== undefined && (
          <KeyValues
            pairs={[
              { term: 'Content', value: groupedContentId(contentId) },
              { term: 'Service', value: service ?? 'Not in the register' },
              { term: 'Model', value: model ?? 'Not in the register' },
              { term: 'Marked', value: markedAt?.slice(0, 10) ?? 'Not in the register' },
            ]}
          />
        )}
        <div className="pt-layers">
          {layers.map((layer) => (
            <Layer key={layer.layer} {...layer} />
          ))}
        </div>
        <p className="pt-note">
          {feedback ? (
            <a href={feedback}>This answer is wrong: tell us</a>
          ) : (
            'Who runs this service has named no address for telling them that an answer is wrong.'
          )}
        </p>
      </Section>
    </>
  )
}

function Layer({ layer, finding, confidence, errorRate }: LayerFinding) {
  return (
    <section>
      <h3>{LAYERS[layer]}</h3>
      <p>{finding}</p>
      <Disclosure summary="How sure is that, and how often is it wrong?">
        <p>{confidence}</p>
        <p>{errorRate}</p>
      </Disclosure>
    </section>
  )
}

/** `most`: of a file, in bytes. */
function Form({ again, most }: { again: boolean; most: number }) {
  return (
    <Section title={again ? 'Check another' : 'Check'} id="ask">
      <form className="pt-check" method="post" action="/check" encType="multipart/form-data">
        <Field
          id="file"
          name="file"
          type="file"
          label="Choose a picture, a sound or a film, or drop it onto the frame"
          hint={`JPEG, PNG, WebP, AVIF, TIFF; WAV, FLAC, MP3, M4A, AAC, Opus, Vorbis; MP4, MOV, WebM. Up to ${Math.round(most / 2 ** 20)} MB.`}
        />
        <Field id="url" name="url" type="url" label="Or paste a link to one" autoComplete="off" />
        <p>
          <Button tone="primary">Check it</Button>
        </p>
      </form>
    </Section>
  )
}

function Meaning() {
  return (
    <Section title="What the answer means" id="answers">
      <KeyValues
        pairs={[
          { term: HEADINGS.ours, value: 'A mark of ours is in it, and the content is as we gave it out.' },
          {
            term: HEADINGS['ours, altered'],
            value:
              'A mark of ours is in it, and the content was cropped, cut, scaled, turned, played faster or edited since.',
          },
          {
            term: IN_PART,
            value:
              'It shows or plays something of ours, as a screenshot does. Of what is around that the mark says nothing.',
          },
          {
            term: HEADINGS['marked by another'],
            value:
              'Somebody else signed where it comes from. You are told what they say, and whether to trust it.',
          },
          {
            term: HEADINGS['no mark found'],
            value:
              'Only that. Content without a mark may still have been made by AI, ours or another’s: marks can be removed.',
          },
        ]}
      />
      <p className="pt-note">
        A mark names the service and the model that made the content, never a person. What you send is decoded
        in memory and written to no log, nor to a file, but for films, M4A and AAC: they pass through a
        private one that is deleted at once.
      </p>
    </Section>
  )
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
