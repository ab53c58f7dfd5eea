// Leads as records: their operations and fields.

import {
  createLead,
  deleteLead,
  getLead,
  getLeadTimeline,
  listLeads,
  listLeadsListing,
  restoreLead,
  updateLead,
} from '../api/generated/lead'
import {
  leadSourceValues,
  leadStatusValues,
  type LeadView,
  personaValues,
  suggestionStatusValues,
  writeLeadLimits as limits,
} from '../api/generated/lead.schema'
import { type Entity, lazily } from '../records/entity'
import { choicesOf } from '../records/values'
import { date } from '../text/format'
import { Badge } from '../ui/badge'
import { leadName, scoreTone, STATUS_TONES } from './domain'
import { leadText } from './messages'

export const leadEntity = lazily((): Entity<LeadView> => {
  const t = leadText.text
  const f = t.fields
  return {
    noun: 'leads',
    listing: listLeadsListing,
    permissions: {
      read: 'leads:read',
      create: 'leads:create',
      update: 'leads:update',
      remove: 'leads:delete',
      assign: 'leads:assign',
    },
    operations: {
      list: listLeads,
      get: getLead,
      create: createLead,
      update: updateLead,
      remove: deleteLead,
      restore: restoreLead,
      timeline: getLeadTimeline,
    } as Entity<LeadView>['operations'],
    one: t.one,
    many: t.many,
    newOne: t.newOne,
    fields: [
      {
        key: 'first_name',
        label: f.first_name,
        kind: 'text',
        width: 120,
        isWritten: true,
        maxLength: limits.first_name.maxLength,
      },
      {
        key: 'last_name',
        label: f.last_name,
        kind: 'text',
        width: 140,
        isWritten: true,
        maxLength: limits.last_name.maxLength,
        needs: ['first_name', 'email'],
        show: (lead) => lead.last_name || lead.first_name || lead.email || t.unnamed,
      },
      {
        key: 'company_name',
        label: f.company_name,
        kind: 'text',
        isWritten: true,
        maxLength: limits.company_name.maxLength,
      },
      {
        key: 'role_title',
        label: f.role_title,
        kind: 'text',
        isWritten: true,
        maxLength: limits.role_title.maxLength,
      },
      { key: 'email', label: f.email, kind: 'email', width: 220, isWritten: true },
      {
        key: 'phone',
        label: f.phone,
        kind: 'tel',
        width: 144,
        isWritten: true,
        maxLength: limits.phone.maxLength,
      },
      {
        key: 'status',
        label: f.status,
        kind: 'choice',
        width: 120,
        isWritten: true,
        isRequired: true,
        choices: choicesOf(leadStatusValues, t.status),
        show: (lead) => <Badge tone={STATUS_TONES[lead.status]}>{t.status[lead.status]}</Badge>,
      },
      {
        key: 'score',
        label: f.score,
        kind: 'number',
        width: 80,
        show: (lead) =>
          lead.score === null || lead.score === undefined ? null : (
            <Badge tone={scoreTone(lead.score)}>{String(Math.round(lead.score))}</Badge>
          ),
      },
      { key: 'assigned_to', label: f.assigned_to, kind: 'person', width: 160, isWritten: true },
      {
        key: 'estimated_value',
        label: f.estimated_value,
        kind: 'money',
        isWritten: true,
        needs: ['currency'],
      },
      { key: 'currency', label: f.currency, kind: 'text', width: 88, isWritten: true, maxLength: 3 },
      {
        key: 'source',
        label: f.source,
        kind: 'choice',
        isWritten: true,
        isRequired: true,
        choices: choicesOf(leadSourceValues, t.source),
      },
      {
        key: 'persona',
        label: f.persona,
        kind: 'choice',
        isWritten: true,
        choices: choicesOf(personaValues, t.persona),
      },
      {
        key: 'linkedin_url',
        label: f.linkedin_url,
        kind: 'url',
        isWritten: true,
        maxLength: limits.linkedin_url.maxLength,
      },
      {
        key: 'suggestion_status',
        label: f.suggestion_status,
        kind: 'choice',
        isRequired: true,
        choices: choicesOf(suggestionStatusValues, t.suggestion),
      },
      {
        key: 'notes',
        label: f.notes,
        kind: 'long',
        isWritten: true,
        isRecordOnly: true,
        maxLength: limits.notes.maxLength,
      },
      { key: 'is_test', label: f.is_test, kind: 'flag', width: 80 },
      { key: 'submitted_at', label: f.submitted_at, kind: 'time' },
      { key: 'converted_at', label: f.converted_at, kind: 'time' },
      { key: 'last_enriched_at', label: f.last_enriched_at, kind: 'time' },
      {
        key: 'created_at',
        label: f.created_at,
        kind: 'time',
        width: 112,
        show: (lead) => <span>{date(lead.created_at)}</span>,
      },
    ],
    columns: [
      'last_name',
      'first_name',
      'company_name',
      'status',
      'score',
      'assigned_to',
      'source',
      'email',
      'created_at',
    ],
    ordering: '-score',
    form: [
      'first_name',
      'last_name',
      'email',
      'phone',
      'company_name',
      'role_title',
      'source',
      'assigned_to',
      'notes',
    ],
    title: (lead) => leadName(lead) || t.unnamed,
    titleNeeds: ['first_name', 'last_name', 'email', 'phone', 'company_name'],
  }
})
