// Deals as records: their fields and what can be done with them.

import { Trash2, Trophy, UserPlus, XCircle } from 'lucide-react'

import { call } from '../api/call'
import {
  createDeal,
  deleteDeal,
  getDeal,
  getDealTimeline,
  listDeals,
  listDealsListing,
  moveDeal,
  restoreDeal,
  updateDeal,
  winDeal,
} from '../api/generated/lead'
import { dealPriorityValues, dealStatusValues, type DealView } from '../api/generated/lead.schema'
import { type Action, removal } from '../records/actions'
import { type Entity, lazily } from '../records/entity'
import { choicesOf } from '../records/values'
import { date } from '../text/format'
import { Badge, type Tone } from '../ui/badge'
import { dealText } from './messages'

const STATUS_TONES: Record<DealView['status'], Tone> = { open: 'info', won: 'good', lost: 'bad' }

export const dealEntity = lazily((): Entity<DealView> => {
  const t = dealText.text
  const f = t.fields
  return {
    noun: 'deals',
    listing: listDealsListing,
    permissions: {
      read: 'deals:read',
      create: 'deals:create',
      update: 'deals:update',
      remove: 'deals:delete',
    },
    operations: {
      list: listDeals,
      get: getDeal,
      create: createDeal,
      update: updateDeal,
      remove: deleteDeal,
      restore: restoreDeal,
      timeline: getDealTimeline,
    } as Entity<DealView>['operations'],
    one: t.one,
    many: t.many,
    newOne: t.newOne,
    fields: [
      { key: 'title', label: f.title, kind: 'text', width: 240, isWritten: true, isRequired: true },
      { key: 'value', label: f.value, kind: 'money', isWritten: true, needs: ['currency'] },
      { key: 'currency', label: f.currency, kind: 'text', width: 88, isWritten: true, maxLength: 3 },
      {
        key: 'status',
        label: f.status,
        kind: 'choice',
        isRequired: true,
        width: 112,
        choices: choicesOf(dealStatusValues, t.status),
        show: (deal) => <Badge tone={STATUS_TONES[deal.status]}>{t.status[deal.status]}</Badge>,
      },
      {
        key: 'probability',
        label: f.probability,
        kind: 'number',
        width: 112,
        show: (deal) => <span>{deal.probability} %</span>,
      },
      {
        key: 'priority',
        label: f.priority,
        kind: 'choice',
        width: 112,
        isWritten: true,
        isRequired: true,
        choices: choicesOf(dealPriorityValues, t.priority),
      },
      { key: 'expected_close_date', label: f.expected_close_date, kind: 'date', width: 144, isWritten: true },
      { key: 'assigned_to', label: f.assigned_to, kind: 'person', width: 160, isWritten: true },
      { key: 'company_name', label: f.company_name, kind: 'text', isWritten: true },
      { key: 'contact_name', label: f.contact_name, kind: 'text', isWritten: true },
      { key: 'contact_email', label: f.contact_email, kind: 'email', isWritten: true },
      { key: 'contact_phone', label: f.contact_phone, kind: 'tel', isWritten: true },
      { key: 'description', label: f.description, kind: 'long', isWritten: true, isRecordOnly: true },
      { key: 'lost_reason', label: f.lost_reason, kind: 'text' },
      { key: 'actual_close_date', label: f.actual_close_date, kind: 'date' },
      {
        key: 'created_at',
        label: f.created_at,
        kind: 'time',
        width: 112,
        show: (deal) => <span>{date(deal.created_at)}</span>,
      },
    ],
    columns: [
      'title',
      'value',
      'status',
      'probability',
      'expected_close_date',
      'assigned_to',
      'company_name',
      'created_at',
    ],
    ordering: '-created_at',
    form: [
      'title',
      'value',
      'currency',
      'expected_close_date',
      'company_name',
      'contact_name',
      'assigned_to',
      'priority',
    ],
    title: (deal) => deal.title ?? '',
    titleNeeds: ['title'],
  }
})

/** Takes a closed deal back to the stage it was in. */
const reopen = (deal: DealView): Promise<unknown> =>
  call(moveDeal, { params: { id: deal.id }, body: { stage_id: deal.stage_id } })

export function dealActions(onLose: (deal: DealView) => void): Action<DealView>[] {
  const t = dealText.text
  const isOver = (deal: DealView): string | undefined => (deal.status === 'open' ? undefined : t.isOver)
  return [
    {
      id: 'deals.win',
      name: t.win,
      icon: <Trophy />,
      keys: 'w',
      permission: 'deals:update',
      refusal: isOver,
      shows: () => ({ status: 'won' }),
      run: (deal) => call(winDeal, { params: { id: deal.id } }),
      undo: reopen,
    },
    {
      id: 'deals.lose',
      name: t.lose,
      icon: <XCircle />,
      keys: 'l',
      permission: 'deals:update',
      refusal: isOver,
      opens: onLose,
      run: () => Promise.resolve(),
      undo: { none: 'The dialog that it opens offers the undo.' },
    },
    {
      id: 'deals.assign',
      name: t.assign,
      icon: <UserPlus />,
      keys: 'a',
      permission: 'deals:update',
      input: 'person',
      shows: (_, person) => ({ assigned_to: person }),
      run: (deal, person) => call(updateDeal, { params: { id: deal.id }, body: { assigned_to: person } }),
      undo: (deal) =>
        call(updateDeal, { params: { id: deal.id }, body: { assigned_to: deal.assigned_to ?? null } }),
    },
    removal(dealEntity(), <Trash2 />),
  ]
}
