import { EmptyState, IntervalTable, KeyValues, Section } from '@avouch/ui'
import { formatFigure, formatInterval } from '@avouch/verify'
import { useQuery } from '@tanstack/react-query'
import { contentQuestions, type Robustness as Found } from '../../content-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { Moment } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'

/** How well marks survive, by medium, with the changes they survive worst. */
export function Robustness() {
  const asked = useQuery(contentQuestions.robustness)
  return (
    <Section title="How well marks survive" id="robustness">
      <Asked of={asked}>
        {({ media }) => {
          const never = media.filter(({ state }) => state === 'never')
          return (
            <div className="cs-stack">
              {never.length === media.length ? (
                <EmptyState title="Not measured">
                  <p>
                    Not run is not survived. <code>avouch content robustness --images DIR</code> marks files,
                    attacks them and records what is left; <code>--sounds DIR</code> and{' '}
                    <code>--videos DIR</code> likewise.
                  </p>
                </EmptyState>
              ) : (
                <>
                  {media
                    .filter(({ state }) => state !== 'never')
                    .map((one) => (
                      <Medium key={one.medium} of={one} />
                    ))}
                  {never.length > 0 && (
                    <p>Not measured: {never.map(({ many }) => many).join(', ')}. Not run is not survived.</p>
                  )}
                </>
              )}
              {media
                .filter(({ unresolved }) => unresolved > 0)
                .map(({ medium, many, unresolved }) => (
                  <p key={medium} className="cs-small">
                    {counted(unresolved, 'run')} on {many} {unresolved === 1 ? 'was' : 'were'} planned and{' '}
                    {unresolved === 1 ? 'has' : 'have'} no result: go on with <code>--resume</code>, or record
                    what there is with <code>--abandon</code>.
                  </p>
                ))}
            </div>
          )
        }}
      </Asked>
    </Section>
  )
}

function Medium({ of }: { of: Found }) {
  const { many, state, evidence, at, expected, unmarked, worst, notRun } = of
  return (
    <section className="cs-stack" aria-labelledby={`robust-${of.medium}`}>
      <h3 id={`robust-${of.medium}`} className="cs-side-title">
        {many[0]!.toUpperCase() + many.slice(1)}
      </h3>
      <KeyValues
        pairs={[
          {
            term: 'Newest run',
            value: (
              <>
                <Moment at={at} /> {evidence && <EvidenceLink id={evidence} />}
              </>
            ),
          },
          ...(state === 'partial'
            ? [
                {
                  term: 'Counts',
                  value: 'No: it did not make every attack, or was stopped before its end',
                },
              ]
            : []),
          {
            term: 'Read',
            value: expected
              ? `${formatFigure(expected.value, 'rate')} (${formatInterval(expected, 'rate')}) after all that marks are to survive, on ${counted(expected.clusters, 'file')} ${expected.size}`
              : 'Not measured in files of the size that is promised',
          },
          {
            term: 'Mistaken',
            value: unmarked
              ? `A mark was read in ${unmarked.accepted} of ${unmarked.executed} tries on unmarked files`
              : 'Not measured',
          },
          {
            term: 'Not run',
            value:
              notRun.length > 0
                ? notRun.map(({ change, why }) => (
                    <span key={change} className="cs-block">
                      <code>{change}</code>: {why}
                    </span>
                  ))
                : null,
          },
        ]}
      />
      {state !== 'never' && worst.length === 0 && (
        <p>No single change took a mark away in this run, of those that were executed.</p>
      )}
      {worst.length > 0 && (
        <IntervalTable
          caption={`The changes after which fewest marks were read, in ${many} of all sizes`}
          heads={{ label: 'Change', value: 'Read', interval: 'Interval', n: 'Executed' }}
          rows={worst.map((row) => ({
            key: row.change,
            label: (
              <>
                <code>{row.change}</code>
                {row.expected !== 'survives' && <span className="cs-small"> {row.expected}</span>}
              </>
            ),
            value: formatFigure(row.value, 'rate'),
            interval: formatInterval(row, 'rate'),
            n: `${row.executed} of ${row.planned}${row.errored > 0 ? `, ${row.errored} in error` : ''}`,
          }))}
        />
      )}
    </section>
  )
}
