import { EmptyState, Notice, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { Dialog } from 'radix-ui'
import { ask } from '../api.ts'
import { type Opened, questions } from '../data.ts'
import { Asked } from './asked.tsx'
import { Choice } from './filters.tsx'
import { useAddress } from './paged.tsx'
import { domainTitle } from './words.ts'

/** Attempts judged a breach, by what they were; their words only for whoever asks for one of them. */
export function Breaches(props: {
  campaign: string
  after: number | undefined
  domain: string | undefined
  domains: string[]
}) {
  const address = useAddress()
  const breaches = useQuery(questions.breaches(props.campaign, props.after, props.domain))
  return (
    <>
      <search className="cs-filters">
        <Choice name="domain" label="Domain" value={props.domain} all="All domains">
          {props.domains.map((domain) => (
            <option key={domain} value={domain}>
              {domainTitle(domain)}
            </option>
          ))}
        </Choice>
      </search>
      <Asked of={breaches}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="None here" />
          ) : (
            <>
              <Table
                columns={[
                  { label: 'Attempt' },
                  { label: 'Probe' },
                  { label: 'Strategy' },
                  { label: 'Judged' },
                  { label: 'Words' },
                ]}
                rows={rows.map((row) => ({
                  key: String(row.item),
                  cells: [
                    row.item,
                    row.title,
                    row.strategy,
                    row.verdict ?? 'not judged',
                    <Words key="words" campaign={props.campaign} item={row.item} />,
                  ],
                }))}
              />
              <nav className="cs-pages" aria-label="Pages of attempts">
                {props.after !== undefined && <a href={address({ after: undefined })}>First page</a>}
                {rows.length === 25 && <a href={address({ after: rows.at(-1)?.item })}>Next</a>}
              </nav>
            </>
          )
        }
      </Asked>
    </>
  )
}

function Words({ campaign, item }: { campaign: string; item: number }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="cs-link">
        Show<span className="av-hidden"> the words of attempt {item}</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="cs-overlay" />
        <Dialog.Content className="cs-dialog">
          <Dialog.Title>Attempt {item}</Dialog.Title>
          <Dialog.Description className="cs-soft">
            What the model was asked and what it answered. It may be harmful.
          </Dialog.Description>
          <OpenedWords campaign={campaign} item={item} />
          <Dialog.Close className="av-button">Close</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Asked for only once the dialog is open, and forgotten when it closes. */
function OpenedWords({ campaign, item }: { campaign: string; item: number }) {
  const opened = useQuery({
    queryKey: ['attempt', campaign, item],
    queryFn: () => ask<Opened>(`/red-teaming/campaigns/${campaign}/attempts/${item}`),
    gcTime: 0,
  })
  return (
    <Asked of={opened}>
      {({ record, answer, exchanges }) => (
        <div className="cs-stack">
          {record.why && (
            <Notice title={`Judged: ${record.verdict ?? 'not judged'}`}>
              <p>{record.why}</p>
            </Notice>
          )}
          <div>
            <b>Asked</b>
            <pre className="cs-note">{exchanges.map(({ request }) => request).join('\n\n')}</pre>
          </div>
          <div>
            <b>Answered</b>
            <pre className="cs-note">{answer?.text ?? 'nothing'}</pre>
          </div>
        </div>
      )}
    </Asked>
  )
}
