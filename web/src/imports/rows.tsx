// Rows of an import, each with what became of it.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { call } from '../api/call'
import { listImportRows } from '../api/generated/lead'
import { type RowResult, rowResultValues, type RowView } from '../api/generated/lead.schema'
import { hrefOf } from '../records/address'
import { keyOf } from '../records/queries'
import { coreText } from '../text/core'
import { number } from '../text/format'
import { Badge, type Tone } from '../ui/badge'
import { Button } from '../ui/button'
import { Failed, Waiting } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import { importText } from './messages'
import styles from './screens.module.css'

const PAGE = 50
const TONES: Record<string, Tone> = { created: 'good', updated: 'info', duplicate: 'neutral', error: 'bad' }

export function Rows({ id }: { id: string }) {
  const [outcome, setOutcome] = useState<RowResult>()
  const [page, setPage] = useState(1)
  const t = importText.text
  const query = useQuery({
    queryKey: keyOf('imports', 'rows', id, outcome, page),
    queryFn: ({ signal }) =>
      call(listImportRows, {
        params: { id },
        query: { page, page_size: PAGE, ...(outcome ? { outcome } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const columns: TableColumn<RowView & { id: string }>[] = [
    { key: 'row', label: t.row, align: 'end', cell: (row) => number(row.row) },
    {
      key: 'outcome',
      label: t.outcome,
      cell: (row) => (
        <Badge tone={TONES[row.outcome] ?? 'neutral'}>
          {(t.rowOutcomes as Record<string, string>)[row.outcome] ?? row.outcome}
        </Badge>
      ),
    },
    {
      key: 'messages',
      label: t.messages,
      cell: (row) => (
        <span className={styles.samples}>
          {[...row.errors, ...row.warnings].map((one) => `${one.field}: ${one.message}`).join(' · ')}
        </span>
      ),
    },
    {
      key: 'lead',
      label: t.openLead,
      cell: (row) => row.lead_id && <Link to={hrefOf(`leads/${row.lead_id}`)}>{t.openLead}</Link>,
    },
  ]
  const pages = Math.ceil((query.data?.count ?? 0) / PAGE)
  return (
    <section className={styles.section} aria-label={t.rows}>
      <div className={styles.startLine}>
        <h2>{t.rows}</h2>
        <select
          className={styles.select}
          aria-label={t.outcome}
          value={outcome ?? ''}
          onChange={(event) => {
            setOutcome((event.target.value || undefined) as RowResult | undefined)
            setPage(1)
          }}
        >
          <option value="">{t.all}</option>
          {rowResultValues.map((one) => (
            <option key={one} value={one}>
              {t.rowOutcomes[one]}
            </option>
          ))}
        </select>
      </div>
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.results.length === 0 ? (
        <p className={styles.faint}>{t.noRows}</p>
      ) : (
        <Table
          label={t.rows}
          columns={columns}
          rows={query.data.results.map((row) => ({ ...row, id: String(row.row) }))}
        />
      )}
      {pages > 1 && (
        <div className={styles.startLine}>
          <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>
            {coreText.text.before}
          </Button>
          <span>{`${number(page)} / ${number(pages)}`}</span>
          <Button disabled={page >= pages} onClick={() => setPage(page + 1)}>
            {coreText.text.after}
          </Button>
        </div>
      )}
    </section>
  )
}
