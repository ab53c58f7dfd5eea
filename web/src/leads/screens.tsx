// Screens of leads: the list with its panel, and the record as a page.

import { useParams } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'

import { Timeline } from '../activities/timeline'
import type { LeadView } from '../api/generated/lead.schema'
import type { Problem } from '../api/problem'
import { hrefOf, useAddress } from '../records/address'
import { CreateDialog } from '../records/create'
import { RecordList } from '../records/list'
import { RecordScreen } from '../records/record'
import { number } from '../text/format'
import { RelatedTasks } from '../tasks/related'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { leadActions } from './actions'
import { ConvertDialog } from './convert'
import { scoreTone, STATUS_TONES } from './domain'
import { leadEntity } from './entity'
import { leadText } from './messages'
import styles from './parts.module.css'

export function LeadList() {
  const { go } = useAddress()
  const [converting, setConverting] = useState<LeadView>()
  const actions = useMemo(() => leadActions(setConverting), [])
  return (
    <>
      <RecordList
        entity={leadEntity()}
        actions={actions}
        panel={(id, close) => <LeadRecord key={id} id={id} onClose={close} />}
        creation={(close) => (
          <CreateDialog
            entity={leadEntity()}
            onClose={close}
            onCreated={(lead) => {
              close()
              if (lead.id) go(`leads/${lead.id}`)
            }}
            onRefused={(problem, anyway) => <Candidates problem={problem} onAnyway={anyway} />}
          />
        )}
      />
      {converting && <ConvertDialog lead={converting} onClose={() => setConverting(undefined)} />}
    </>
  )
}

export function LeadPage() {
  const { id = '' } = useParams({ strict: false })
  return <LeadRecord key={id} id={id} />
}

function LeadRecord({ id, onClose }: { id: string; onClose?: () => void }) {
  const [converting, setConverting] = useState<LeadView>()
  const actions = useCallback(() => leadActions(setConverting), [])
  const entity = leadEntity()
  const t = leadText.text
  return (
    <>
      <RecordScreen
        entity={entity}
        id={id}
        {...(onClose ? { place: 'panel' as const, onClose } : { place: 'page' as const })}
        actions={actions}
        badges={(lead) => (
          <>
            <Badge tone={STATUS_TONES[lead.status]}>{t.status[lead.status]}</Badge>
            {typeof lead.score === 'number' && (
              <Badge tone={scoreTone(lead.score)}>{t.scoreOf(number(Math.round(lead.score)))}</Badge>
            )}
          </>
        )}
        banner={(lead) =>
          lead.suggestion_status === 'suggested' && <p className={styles.banner}>{t.suggestedBanner}</p>
        }
        aside={(lead) => (
          <>
            <Score lead={lead} />
            <RelatedTasks about="lead" id={lead.id} />
            <Timeline entity={entity} id={lead.id} subject="lead_id" />
          </>
        )}
      />
      {converting && <ConvertDialog lead={converting} onClose={() => setConverting(undefined)} />}
    </>
  )
}

function Score({ lead }: { lead: LeadView }) {
  if (!lead.score_breakdown?.length) return null
  return (
    <section className={styles.score} aria-label={leadText.text.scoreMade}>
      <h2>{leadText.text.scoreMade}</h2>
      <dl className={styles.points}>
        {lead.score_breakdown.map((part) => (
          <PointsOf
            key={`${part.group}.${part.rule}`}
            reason={part.reason || part.rule}
            points={part.points}
          />
        ))}
      </dl>
    </section>
  )
}

const PointsOf = ({ reason, points }: { reason: string; points: number }) => (
  <>
    <dt>{reason}</dt>
    <dd>{(points > 0 ? '+' : '') + number(points)}</dd>
  </>
)

type Candidate = { id: string; matched?: string[] }

function Candidates({ problem, onAnyway }: { problem: Problem; onAnyway: () => void }) {
  if (problem.code !== 'possible_duplicate') return null
  const candidates = (problem.body.candidates ?? []) as Candidate[]
  const t = leadText.text
  return (
    <div className={styles.candidates}>
      <p>{t.knownAlready}</p>
      <ul>
        {candidates.map((candidate) => (
          <li key={candidate.id}>
            <a href={`/app${hrefOf(`leads/${candidate.id}`)}`} target="_blank" rel="noreferrer">
              {candidate.matched?.join(', ') || candidate.id}
            </a>
          </li>
        ))}
      </ul>
      <Button onClick={onAnyway}>{t.createAnyway}</Button>
    </div>
  )
}
