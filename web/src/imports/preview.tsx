// Preview of an import: what each column was taken for, corrected here, and the start.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { call } from '../api/call'
import { getImportPreview, setImportMapping, startImport } from '../api/generated/lead'
import {
  type ColumnView,
  importDuplicatesValues,
  type ImportDuplicates,
  type ImportView,
} from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { keyOf } from '../records/queries'
import { leadFieldName } from './fields'
import { number } from '../text/format'
import { Button } from '../ui/button'
import { FormError, SelectField } from '../ui/field'
import { explain, Failed, Waiting } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import { KEEP, remapped, SKIP } from './domain'
import { importText } from './messages'
import styles from './screens.module.css'

export function Preview({ of: one, onStarted }: { of: ImportView; onStarted: () => Promise<void> }) {
  const client = useQueryClient()
  const [duplicates, setDuplicates] = useState<ImportDuplicates>(one.duplicate_policy)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const t = importText.text
  const key = keyOf('imports', 'preview', one.id)
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call(getImportPreview, { params: { id: one.id }, signal }),
  })

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  if (query.isPending) return <Waiting />
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />
  const { columns, fields, rows_estimate: estimate, warnings } = query.data

  const map = (column: string, field: string): Promise<void> =>
    attempt(async () => {
      const body = { mapping: remapped(columns, column, field) }
      client.setQueryData(key, await call(setImportMapping, { params: { id: one.id }, body }))
    })
  const start = (mode: 'commit' | 'validate'): Promise<void> =>
    attempt(async () => {
      await call(startImport, { params: { id: one.id }, body: { mode, duplicates }, once: onceKey() })
      await onStarted()
    })

  const shown: TableColumn<ColumnView & { id: string }>[] = [
    { key: 'name', label: t.column, cell: (column) => column.name },
    {
      key: 'samples',
      label: t.samples,
      cell: (column) => <span className={styles.samples}>{column.samples.slice(0, 3).join(' · ')}</span>,
    },
    {
      key: 'field',
      label: t.becomes,
      cell: (column) => (
        <select
          className={styles.select}
          aria-label={`${t.becomes}: ${column.name}`}
          title={column.reason}
          value={column.field ?? KEEP}
          disabled={isBusy}
          onChange={(event) => void map(column.name, event.target.value)}
        >
          <option value={KEEP}>{t.keep}</option>
          <option value={SKIP}>{t.skip}</option>
          {[...new Set([...fields, ...(column.field ? [column.field] : [])])]
            .filter((field) => field !== SKIP)
            .map((field) => (
              <option key={field} value={field}>
                {leadFieldName(field)}
              </option>
            ))}
        </select>
      ),
    },
  ]
  return (
    <section className={styles.section} aria-label={t.mapping}>
      <h2>{t.mapping}</h2>
      <p className={styles.faint}>
        {t.mappingAbout} {typeof estimate === 'number' && t.rowsEstimate(number(estimate))}
      </p>
      <Table
        label={t.mapping}
        columns={shown}
        rows={columns.map((column) => ({ ...column, id: String(column.index) }))}
      />
      {warnings.map((warning) => (
        <p key={`${warning.field}.${warning.code}`} className={styles.warning}>
          {warning.message}
        </p>
      ))}
      <div className={styles.startLine}>
        <SelectField
          label={t.duplicates}
          value={duplicates}
          choices={importDuplicatesValues.map((id) => ({ id, label: t.duplicateChoices[id] }))}
          onChange={(event) => setDuplicates(event.target.value as ImportDuplicates)}
        />
        <Button disabled={isBusy} onClick={() => void start('validate')}>
          {t.check}
        </Button>
        <Button kind="primary" disabled={isBusy} onClick={() => void start('commit')}>
          {t.start}
        </Button>
      </div>
      {error !== undefined && <FormError>{explain(error)}</FormError>}
    </section>
  )
}
