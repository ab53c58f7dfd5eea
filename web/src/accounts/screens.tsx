// Screens of accounts: the list with its panel, and the account with its people.

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useMemo } from 'react'

import { Timeline } from '../activities/timeline'
import { call } from '../api/call'
import { getAccountEnrichment, listLeads } from '../api/generated/lead'
import type { AccountView, EnrichmentStatus } from '../api/generated/lead.schema'
import { type Action, removal } from '../records/actions'
import { hrefOf, useAddress } from '../records/address'
import { CreateDialog } from '../records/create'
import { RecordList } from '../records/list'
import { keyOf } from '../records/queries'
import { RecordScreen } from '../records/record'
import { may } from '../session/session'
import { ago, fullName } from '../text/format'
import { RelatedTasks } from '../tasks/related'
import { Badge, type Tone } from '../ui/badge'
import { Failed } from '../ui/states'
import { accountEntity } from './entity'
import { accountText } from './messages'
import styles from './parts.module.css'

const accountActions = (): Action<AccountView>[] => [removal(accountEntity(), <Trash2 />)]

export function AccountList() {
  const { go } = useAddress()
  const actions = useMemo(() => accountActions(), [])
  return (
    <RecordList
      entity={accountEntity()}
      actions={actions}
      panel={(id, close) => <AccountRecord key={id} id={id} onClose={close} />}
      creation={(close) => (
        <CreateDialog
          entity={accountEntity()}
          defaults={{ product_id: null }}
          onClose={close}
          onCreated={(account) => {
            close()
            if (account.id) go(`accounts/${account.id}`)
          }}
        />
      )}
    />
  )
}

export function AccountPage() {
  const { id = '' } = useParams({ strict: false })
  return <AccountRecord key={id} id={id} />
}

function AccountRecord({ id, onClose }: { id: string; onClose?: () => void }) {
  return (
    <RecordScreen
      entity={accountEntity()}
      id={id}
      {...(onClose ? { place: 'panel' as const, onClose } : { place: 'page' as const })}
      actions={accountActions}
      aside={(account) => (
        <>
          <People account={account} />
          <Enrichment account={account} />
          <RelatedTasks about="account" id={account.id} />
          <Timeline entity={accountEntity()} id={account.id} subject="account_id" />
        </>
      )}
    />
  )
}

function People({ account }: { account: AccountView }) {
  const t = accountText.text
  const query = useQuery({
    queryKey: keyOf('leads', 'list', 'of account', account.id),
    queryFn: ({ signal }) =>
      call(listLeads, {
        query: {
          account_id: account.id,
          page_size: 20,
          count: 'none',
          fields: 'id,version,first_name,last_name,email,role_title',
        },
        signal,
      }),
    enabled: may('leads:read'),
  })
  if (!may('leads:read')) return null
  return (
    <section className={styles.section} aria-label={t.people}>
      <h2>{t.people}</h2>
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.results.length === 0 && <p className={styles.faint}>{t.noPeople}</p>}
      <ul>
        {query.data?.results.map((lead) => (
          <li key={lead.id} className={styles.line}>
            <Link to={hrefOf(`leads/${lead.id}`)}>{fullName(lead) || lead.email || lead.id}</Link>
            <span className={styles.faint}>{lead.role_title}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const TONES: Record<EnrichmentStatus, Tone> = {
  pending: 'neutral',
  in_progress: 'info',
  completed: 'good',
  skipped: 'neutral',
  failed: 'bad',
}

function Enrichment({ account }: { account: AccountView }) {
  const t = accountText.text
  const query = useQuery({
    queryKey: keyOf('accounts', 'enrichment', account.id),
    queryFn: ({ signal }) => call(getAccountEnrichment, { params: { id: account.id }, signal }),
  })
  const results = query.data?.results ?? []
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />
  if (results.length === 0) return null
  return (
    <section className={styles.section} aria-label={t.enrichment}>
      <h2>{t.enrichment}</h2>
      <ul>
        {results.map((one) => (
          <li key={one.enrichment_type} className={styles.line}>
            <span>{t.enrichmentKinds[one.enrichment_type] ?? one.enrichment_type}</span>
            <span className={styles.faint}>
              {ago(one.last_successful_run)}{' '}
              <Badge tone={TONES[one.status]}>{t.enrichmentStatus[one.status]}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
