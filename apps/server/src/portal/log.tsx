import type { Checkpoint, Head } from '@avouch/core/log'
import { Digest, EmptyState, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import { Command, count, type Frame, Moment, shell } from './shell.tsx'

/** `/log`: the log for people. `witnesses` cosigned the newest published checkpoint, by name. */
export function logPage(
  frame: Frame,
  given: {
    url: string
    head: Head | undefined
    /** Published ones, newest first. */
    checkpoints: readonly Checkpoint[]
    witnesses: readonly string[]
  },
): string {
  const { url, head, checkpoints, witnesses } = given
  const newest = checkpoints[0]
  return shell(frame, {
    title: 'The log',
    here: '/log',
    children: (
      <>
        <PageHead title="The log">
          <p>
            A list of commitments to evidence, made to be added to. Whoever holds an earlier head sees whether
            it was rewritten.
          </p>
        </PageHead>
        <KeyValues
          pairs={[
            { term: 'Origin', value: head?.origin ?? 'The log is not opened yet.' },
            { term: 'Key', value: head ? <Digest>{head.key}</Digest> : null },
            {
              term: 'Published head',
              value: newest ? count(newest.size, 'leaf', 'leaves') : 'Nothing is published yet.',
            },
            {
              term: 'Witnesses',
              value:
                newest && (witnesses.length > 0 ? witnesses.join(', ') : 'None cosigned the newest head.'),
            },
          ]}
        />
        <Section title="The newest checkpoint, as signed" id="note">
          {newest ? (
            <Command>{newest.note}</Command>
          ) : (
            <EmptyState title="No checkpoint is published yet">
              <p>Checkpoints go out once a day, and whenever a report is published.</p>
            </EmptyState>
          )}
          <p className="pt-note">
            Origin, number of leaves, and root of the tree; below the empty line a signature each by the log
            and its witnesses. The root is a hash over every leaf: change one, and it is another.
          </p>
        </Section>
        <Section title="What it proves, and what it does not" id="proves">
          <Meaning />
        </Section>
        <Section title="For machines" id="machines">
          <KeyValues
            pairs={[
              { term: 'Checkpoint', value: <Address url={url} path="/log/checkpoint" /> },
              { term: 'Key', value: <Address url={url} path="/log/key" /> },
              { term: 'Tiles', value: <code>{new URL('/log/tile/', url).href}L/N</code> },
              { term: 'Entries', value: <code>{new URL('/log/tile/entries/', url).href}N</code> },
            ]}
          />
          <p className="pt-note">
            As C2SP tlog-tiles and tlog-checkpoint say, with RFC 6962 hashing. An entry is a keyed hash of its
            evidence and gives nothing of it away. To derive the whole tree again:
          </p>
          <Command>{`npx avouch verify ${new URL('/log', url).href} --key KEY`}</Command>
        </Section>
        {checkpoints.length > 0 && (
          <Section title="Published checkpoints" id="checkpoints">
            <Table
              caption="Newest first, fifty at most."
              columns={[{ label: 'Published' }, { label: 'Leaves' }, { label: 'Witnessed' }]}
              rows={checkpoints.map((one) => ({
                key: `${one.epoch}-${one.size}`,
                cells: [
                  <Moment key="at" at={one.published_at ?? one.signed_at} />,
                  one.size.toLocaleString('en-GB'),
                  one.witnessed_at ? <Moment key="witnessed" at={one.witnessed_at} /> : 'not witnessed',
                ],
              }))}
            />
          </Section>
        )}
      </>
    ),
  })
}

function Address({ url, path }: { url: string; path: string }) {
  return (
    <a href={path}>
      <code>{new URL(path, url).href}</code>
    </a>
  )
}

function Meaning() {
  return (
    <>
      <div className="pt-columns">
        <div>
          <h3>It proves</h3>
          <ul className="pt-prose">
            <li>that a piece of evidence was recorded before a head was signed;</li>
            <li>given a head that you kept, that later ones contain it: nothing was taken back;</li>
            <li>
              where witnesses cosigned, that a head was not made after the time they give, and that the log
              did not fork in their eyes.
            </li>
          </ul>
        </div>
        <div>
          <h3>It does not prove</h3>
          <ul className="pt-prose">
            <li>that nothing else was recorded: proofs show inclusion, never completeness;</li>
            <li>that a statement is true, only that it was signed and has not changed;</li>
            <li>which weights answered when a model was tested;</li>
            <li>anything against its own keeper, in the part that no outside witness has cosigned.</li>
          </ul>
        </div>
      </div>
      <p className="pt-note">
        The whole of it stands in <code>docs/threat-model.md</code>, in Avouch’s source.
      </p>
    </>
  )
}
