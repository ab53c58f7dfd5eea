// Screens of deals: the board, the list, and the deal as a page.

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { Plus } from 'lucide-react'

import { Timeline } from '../activities/timeline'
import { call } from '../api/call'
import { listPipelines } from '../api/generated/lead'
import type { DealView } from '../api/generated/lead.schema'
import { hrefOf, useAddress } from '../records/address'
import { CreateDialog } from '../records/create'
import { RecordList } from '../records/list'
import { keyOf } from '../records/queries'
import { RecordScreen } from '../records/record'
import { may } from '../session/session'
import { useCommands } from '../shell/commands'
import { RelatedTasks } from '../tasks/related'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Empty, Failed, Waiting } from '../ui/states'
import { DealBoard } from './board'
import { dealActions, dealEntity } from './entity'
import { LoseDialog } from './lose'
import { dealText } from './messages'
import styles from './screens.module.css'

export function Deals() {
  const { search } = useAddress()
  return search.layout === 'list' ? <DealList /> : <DealBoardScreen />
}

function Layouts({ layout }: { layout: 'board' | 'list' }) {
  const t = dealText.text
  return (
    <ul className={styles.layouts} aria-label={t.layout}>
      <li>
        <Link
          to={hrefOf('deals')}
          search={{}}
          aria-current={layout === 'board' ? 'true' : undefined}
          className={styles.layout}
        >
          {t.board}
        </Link>
      </li>
      <li>
        <Link
          to={hrefOf('deals')}
          search={{ layout: 'list' }}
          aria-current={layout === 'list' ? 'true' : undefined}
          className={styles.layout}
        >
          {t.list}
        </Link>
      </li>
    </ul>
  )
}

function NewDeal({ onClose }: { onClose: () => void }) {
  const { go } = useAddress()
  return (
    <CreateDialog
      entity={dealEntity()}
      onClose={onClose}
      onCreated={(deal) => {
        onClose()
        if (deal.id) go(`deals/${deal.id}`)
      }}
    />
  )
}

function DealList() {
  const [losing, setLosing] = useState<DealView>()
  const actions = useMemo(() => dealActions(setLosing), [])
  return (
    <>
      <RecordList
        entity={dealEntity()}
        actions={actions}
        tabs={<Layouts layout="list" />}
        panel={(id, close) => <DealRecord key={id} id={id} onClose={close} />}
        creation={(close) => <NewDeal onClose={close} />}
      />
      {losing && <LoseDialog deal={losing} onClose={() => setLosing(undefined)} />}
    </>
  )
}

function DealBoardScreen() {
  const { search, setSearch } = useAddress()
  const [isCreating, setCreating] = useState(false)
  const t = dealText.text
  const pipelines = useQuery({
    queryKey: keyOf('pipelines', 'list'),
    queryFn: ({ signal }) => call(listPipelines, { query: { page_size: 100, count: 'none' }, signal }),
    enabled: may('pipelines:read'),
  })
  const active = pipelines.data?.results.filter((pipeline) => pipeline.is_active) ?? []
  const shown =
    active.find((one) => one.id === search.pipeline) ?? active.find((one) => one.is_default) ?? active[0]
  useCommands([
    {
      id: 'deals.create',
      name: t.newOne,
      group: t.many,
      keys: 'c',
      icon: <Plus />,
      permission: 'deals:create',
      run: () => setCreating(true),
    },
  ])
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{t.many}</h1>
        <Layouts layout="board" />
        {active.length > 1 && (
          <select
            className={styles.pipelines}
            aria-label={t.pipeline}
            value={shown?.id}
            onChange={(event) => setSearch({ ...search, pipeline: event.target.value })}
          >
            {active.map((pipeline) => (
              <option key={pipeline.id} value={pipeline.id}>
                {pipeline.name}
              </option>
            ))}
          </select>
        )}
        <span className={styles.gap} />
        {may('deals:create') && (
          <Button kind="primary" icon={<Plus />} onClick={() => setCreating(true)}>
            {t.newOne}
          </Button>
        )}
      </header>
      {shown ? (
        <DealBoard key={shown.id} pipeline={shown.id} />
      ) : pipelines.isError ? (
        <Failed error={pipelines.error} onRetry={() => void pipelines.refetch()} />
      ) : pipelines.isPending ? (
        <Waiting />
      ) : (
        <Empty title={t.noPipeline} />
      )}
      {isCreating && <NewDeal onClose={() => setCreating(false)} />}
    </div>
  )
}

export function DealPage() {
  const { id = '' } = useParams({ strict: false })
  return <DealRecord key={id} id={id} />
}

function DealRecord({ id, onClose }: { id: string; onClose?: () => void }) {
  const [losing, setLosing] = useState<DealView>()
  const actions = useCallback(() => dealActions(setLosing), [])
  const t = dealText.text
  return (
    <>
      <RecordScreen
        entity={dealEntity()}
        id={id}
        {...(onClose ? { place: 'panel' as const, onClose } : { place: 'page' as const })}
        actions={actions}
        badges={(deal) => (
          <Badge tone={deal.status === 'won' ? 'good' : deal.status === 'lost' ? 'bad' : 'info'}>
            {t.status[deal.status]}
          </Badge>
        )}
        aside={(deal) => (
          <>
            <RelatedTasks about="deal" id={deal.id} />
            <Timeline entity={dealEntity()} id={deal.id} subject="deal_id" />
          </>
        )}
      />
      {losing && <LoseDialog deal={losing} onClose={() => setLosing(undefined)} />}
    </>
  )
}
