// Actions on leads: each once, for buttons, selections, the palette and keys.

import { CircleDot, Handshake, ThumbsDown, ThumbsUp, Trash2, UserPlus } from 'lucide-react'

import { call } from '../api/call'
import { approveLead, assignLead, rejectLead, updateLead } from '../api/generated/lead'
import { leadStatusValues, type LeadView, type WriteLeadPatch } from '../api/generated/lead.schema'
import { type Action, removal } from '../records/actions'
import { choicesOf } from '../records/values'
import { leadEntity } from './entity'
import { leadText } from './messages'

const back = (lead: LeadView, body: WriteLeadPatch): Promise<unknown> =>
  call(updateLead, { params: { id: lead.id }, body })

export function leadActions(onConvert: (lead: LeadView) => void): Action<LeadView>[] {
  const t = leadText.text
  const notSuggested = (lead: LeadView): string | undefined =>
    lead.suggestion_status === undefined || lead.suggestion_status === 'suggested'
      ? undefined
      : t.notSuggested
  return [
    {
      id: 'leads.assign',
      name: t.assign,
      icon: <UserPlus />,
      keys: 'a',
      permission: 'leads:assign',
      input: 'person',
      shows: (_, person) => ({ assigned_to: person }),
      run: (lead, person) => call(assignLead, { params: { id: lead.id }, body: { user_id: person } }),
      undo: (lead) => back(lead, { assigned_to: lead.assigned_to ?? null }),
    },
    {
      id: 'leads.status',
      name: t.setStatus,
      icon: <CircleDot />,
      keys: 's',
      permission: 'leads:update',
      input: choicesOf(
        leadStatusValues.filter((status) => status !== 'converted'),
        t.status,
      ),
      refusal: (lead) => (lead.status === 'converted' ? t.isConverted : undefined),
      shows: (_, status) => ({ status: status as LeadView['status'] }),
      run: (lead, status) =>
        call(updateLead, { params: { id: lead.id }, body: { status: status as LeadView['status'] } }),
      undo: (lead) => back(lead, { status: lead.status }),
    },
    {
      id: 'leads.convert',
      name: t.convert,
      icon: <Handshake />,
      keys: 'o',
      permission: 'deals:create',
      refusal: (lead) => (lead.status === 'converted' ? t.isConverted : undefined),
      opens: onConvert,
      run: () => Promise.resolve(),
      undo: { none: t.cannotUndoConversion },
    },
    {
      id: 'leads.approve',
      name: t.approve,
      icon: <ThumbsUp />,
      keys: 'y',
      permission: 'leads:update',
      refusal: notSuggested,
      shows: () => ({ suggestion_status: 'approved' }),
      run: (lead) => call(approveLead, { params: { id: lead.id } }),
      undo: (lead) => back(lead, { suggestion_status: 'suggested' }),
      isQuiet: true,
    },
    {
      id: 'leads.reject',
      name: t.reject,
      icon: <ThumbsDown />,
      keys: 'n',
      permission: 'leads:update',
      refusal: notSuggested,
      shows: () => ({ suggestion_status: 'rejected' }),
      run: (lead) => call(rejectLead, { params: { id: lead.id } }),
      undo: (lead) => back(lead, { suggestion_status: 'suggested' }),
      isQuiet: true,
    },
    removal(leadEntity(), <Trash2 />),
  ]
}
