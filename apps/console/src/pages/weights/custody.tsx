import { Disclosure, Notice, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import {
  type Custody,
  type CustodyAct,
  type CustodyNode,
  custodyQuestions,
  nameOf,
} from '../../custody-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { useMay } from '../../parts/may.ts'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Day } from '../../parts/time.tsx'

/** How the weights of a release came about, drawn and in words, and a way to sign the next step. */
export function CustodyOf({ model }: { model: string }) {
  const custody = useQuery(custodyQuestions.custody(model))
  const may = useMay()
  return (
    <Section title="Custody" id="custody">
      <div className="cs-stack">
        <Asked of={custody}>{(found) => <Drawn custody={found} />}</Asked>
        {may('weight-security:record') && (
          <p>
            <a href={`/console/weights/${encodeURIComponent(model)}/step`}>Record a step and sign it</a>
          </p>
        )}
      </div>
    </Section>
  )
}

function Drawn({ custody }: { custody: Custody }) {
  const { release, complete, nodes, problems } = custody
  return (
    <>
      <p>
        {complete
          ? 'All that is released leads back to where it came from, without a gap.'
          : 'Custody is not complete: not all that is released leads back to where it came from.'}
      </p>
      {problems.length > 0 && (
        <Notice tone="alert" title="What is wrong or open">
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {nodes.length > 0 && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="cs-drawing" aria-label="Drawing of custody; it scrolls" tabIndex={0}>
            <img
              src={`/api/weight-security/custody/${encodeURIComponent(release)}/drawing.svg`}
              alt={`How ${release} came to be, step by step; the table below says the same`}
            />
          </section>
          <Disclosure summary="The same step by step, with who answers for it">
            <Steps custody={custody} />
          </Disclosure>
        </>
      )}
    </>
  )
}

function Steps({ custody: { nodes, links } }: { custody: Custody }) {
  const names = new Map(nodes.map((node) => [node.digest, nameOf(node)]))
  const before = Map.groupBy(links, ({ to }) => to)
  return (
    <More rows={nodes} what="weights">
      {(shown) => (
        <Table
          columns={[
            { label: 'Weights' },
            { label: 'Came about' },
            { label: 'Moved since' },
            { label: 'State' },
          ]}
          rows={shown.map((node) => {
            const parents = before.get(node.digest) ?? []
            return {
              key: node.digest,
              cells: [
                <span key="name" title={node.digest}>
                  {nameOf(node)} <code className="cs-small">{node.digest.slice(0, 12)}</code>
                </span>,
                <Acts
                  key="made"
                  acts={node.made}
                  of={[...new Set(parents.map(({ from }) => names.get(from) ?? from.slice(0, 12)))]}
                  none={
                    parents.length > 0
                      ? `part of ${parents.map(({ from }) => names.get(from)).join(', ')}`
                      : 'nothing says'
                  }
                />,
                <Acts key="moves" acts={node.moves} of={[]} none="—" />,
                marksOf(node),
              ],
            }
          })}
        />
      )}
    </More>
  )
}

function Acts({ acts, of, none }: { acts: readonly CustodyAct[]; of: readonly string[]; none: string }) {
  if (acts.length === 0) return <span>{none}</span>
  return (
    <span>
      {acts.map(({ step, at, by, evidence, afterRetirement }) => (
        <span key={`${step} ${at} ${evidence[0]}`} className="cs-block">
          {step}
          {of.length > 0 && ` of ${of.join(', ')}`}, <Day at={at} />
          {by !== undefined && (
            <>
              , by <PersonName id={by} />
            </>
          )}
          {afterRetirement && <b className="cs-alert"> after it was retired</b>}{' '}
          {evidence.map((id) => (
            <EvidenceLink key={id} id={id} />
          ))}
        </span>
      ))}
    </span>
  )
}

function marksOf(node: CustodyNode): string {
  return [
    node.gap && 'gap',
    node.circle && 'contradiction',
    node.origin && 'origin',
    node.released && 'released',
    node.retired && 'retired',
    node.fork && 'fork, not part of the release',
    node.signed ? (node.pinned ? 'signed' : 'signed, signer not pinned') : 'not signed',
  ]
    .filter((mark) => mark !== false)
    .join(', ')
}
