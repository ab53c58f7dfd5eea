// Accounts as records: their operations and fields.

import {
  createAccount,
  deleteAccount,
  getAccount,
  getAccountTimeline,
  listAccounts,
  listAccountsListing,
  restoreAccount,
  updateAccount,
} from '../api/generated/lead'
import type { AccountView } from '../api/generated/lead.schema'
import { type Entity, lazily } from '../records/entity'
import { date } from '../text/format'
import { accountText } from './messages'

const link = (address: string | null | undefined) =>
  address && /^https?:\/\//.test(address) ? (
    <a href={address} target="_blank" rel="noreferrer" onClick={(event) => event.stopPropagation()}>
      {address.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')}
    </a>
  ) : (
    (address ?? null)
  )

export const accountEntity = lazily((): Entity<AccountView> => {
  const t = accountText.text
  const f = t.fields
  return {
    noun: 'accounts',
    listing: listAccountsListing,
    permissions: {
      read: 'accounts:read',
      create: 'accounts:create',
      update: 'accounts:update',
      remove: 'accounts:delete',
    },
    operations: {
      list: listAccounts,
      get: getAccount,
      create: createAccount,
      update: updateAccount,
      remove: deleteAccount,
      restore: restoreAccount,
      timeline: getAccountTimeline,
    } as Entity<AccountView>['operations'],
    one: t.one,
    many: t.many,
    newOne: t.newOne,
    fields: [
      { key: 'name', label: f.name, kind: 'text', width: 220, isWritten: true, isRequired: true },
      { key: 'website', label: f.website, kind: 'url', show: (account) => link(account.website) },
      { key: 'industry', label: f.industry, kind: 'text', isWritten: true },
      { key: 'company_type', label: f.company_type, kind: 'text', width: 120, isWritten: true },
      { key: 'employee_count', label: f.employee_count, kind: 'number', width: 112, isWritten: true },
      { key: 'founded_year', label: f.founded_year, kind: 'text', width: 96 },
      { key: 'location', label: f.location, kind: 'text', isWritten: true },
      { key: 'contact_email', label: f.contact_email, kind: 'email', width: 220, isWritten: true },
      { key: 'contact_phone', label: f.contact_phone, kind: 'tel', width: 144, isWritten: true },
      { key: 'linkedin_url', label: f.linkedin_url, kind: 'url', isWritten: true },
      { key: 'description', label: f.description, kind: 'long', isWritten: true, isRecordOnly: true },
      { key: 'last_enriched_at', label: f.last_enriched_at, kind: 'time' },
      {
        key: 'created_at',
        label: f.created_at,
        kind: 'time',
        width: 112,
        show: (account) => <span>{date(account.created_at)}</span>,
      },
    ],
    columns: ['name', 'website', 'industry', 'employee_count', 'location', 'created_at'],
    ordering: '-created_at',
    form: ['name', 'website', 'industry', 'location', 'contact_email', 'contact_phone', 'description'],
    title: (account) => account.name ?? '',
    titleNeeds: ['name'],
  }
})
