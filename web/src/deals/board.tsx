// Board of a pipeline: stages with their deals, counts and sums.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { call } from '../api/call'
import { getPipelineBoard, moveDeal } from '../api/generated/lead'
import type { BoardView, DealView } from '../api/generated/lead.schema'
import { Board } from '../board/board'
import { useMembers } from '../people/people'
import { useActions } from '../records/actions'
import { useAddress } from '../records/address'
import { keyOf, refresh } from '../records/queries'
import { may } from '../session/session'
import { date, money, number } from '../text/format'
import { Person } from '../ui/badge'
import { Failed, Waiting } from '../ui/states'
import { toast, toastFailure } from '../ui/toast'
import { useCommands } from '../shell/commands'
import { dealActions, dealEntity } from './entity'
import { LoseDialog } from './lose'
import { moved } from './domain'
import { dealText } from './messages'
import styles from './screens.module.css'

const CARDS = 50

export function DealBoard({ pipeline }: { pipeline: string }) {
  const client = useQueryClient()
  const members = useMembers()
  const { go } = useAddress()
  const [focused, setFocused] = useState<DealView>()
  const [losing, setLosing] = useState<DealView>()
  const key = keyOf('deals', 'board', pipeline)
  const t = dealText.text
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      call(getPipelineBoard, { params: { id: pipeline }, query: { page_size: CARDS }, signal }),
  })
  const stages = query.data?.stages ?? []
  const current = stages.flatMap((stage) => stage.deals).find((deal) => deal.id === focused?.id)
  const { buttons } = useActions(dealEntity(), dealActions(setLosing), current ? [current] : [], t.one)

  const move = async (deal: DealView, stageId: string): Promise<void> => {
    const stage = stages.find((one) => one.id === stageId)
    if (!stage) return
    if (stage.kind === 'lost') return setLosing(deal)
    await client.cancelQueries({ queryKey: key })
    const before = client.getQueryData<BoardView>(key)
    if (before) client.setQueryData(key, moved(before, deal.id, stageId))
    try {
      await call(moveDeal, { params: { id: deal.id }, body: { stage_id: stageId }, version: deal.version })
      toast(t.moved(deal.title, stage.name), async () => {
        await call(moveDeal, { params: { id: deal.id }, body: { stage_id: deal.stage_id } })
        await refresh(client, 'deals', deal.id)
      })
    } catch (error) {
      if (before) client.setQueryData(key, before)
      toastFailure(error)
    }
    return refresh(client, 'deals', deal.id)
  }

  const stepTo = (by: 1 | -1) => () => {
    if (!current) return
    const at = stages.findIndex((stage) => stage.id === current.stage_id)
    const target = stages[at + by]
    if (target) void move(current, target.id)
  }
  useCommands(
    current && may('deals:update')
      ? [
          { id: 'deals.next', name: t.next, group: t.one, keys: 'alt+ArrowRight', run: stepTo(1) },
          { id: 'deals.previous', name: t.previous, group: t.one, keys: 'alt+ArrowLeft', run: stepTo(-1) },
        ]
      : [],
  )

  if (query.isPending) return <Waiting rows={8} />
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />
  return (
    <>
      <Board
        label={query.data.pipeline.name}
        empty={t.emptyStage}
        moveLabel={t.move}
        hint={t.moveHint}
        isMovable={may('deals:update')}
        name={(deal) => deal.title}
        columns={stages.map((stage) => ({
          id: stage.id,
          name: stage.name,
          about: (
            <>
              {number(stage.count)}
              {stage.totals.map((total) => ` · ${money(total.value, total.currency)}`)}
            </>
          ),
          cards: stage.deals,
          note: stage.count > stage.deals.length ? t.cardsShown(stage.deals.length, stage.count) : undefined,
        }))}
        card={(deal) => (
          <>
            <span className={styles.title}>{deal.title}</span>
            <span>{money(deal.value, deal.currency)}</span>
            <span className={styles.about}>
              {deal.assigned_to ? <Person name={members.name(deal.assigned_to)} /> : null}
              {date(deal.expected_close_date)}
            </span>
          </>
        )}
        onMove={(deal, stage) => void move(deal, stage)}
        onOpen={(deal) => go(`deals/${deal.id}`)}
        onFocus={setFocused}
      />
      <div className={styles.hidden}>{buttons}</div>
      {losing && <LoseDialog deal={losing} onClose={() => setLosing(undefined)} />}
    </>
  )
}
