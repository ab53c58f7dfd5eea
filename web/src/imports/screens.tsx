// Screens of imports: the list with its upload, and one import from preview to undo.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import { FileUp } from 'lucide-react'

import { call } from '../api/call'
import { createImport, downloadImportErrors, getImport, listImports, undoImport } from '../api/generated/lead'
import type { ImportView } from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { hrefOf, useAddress } from '../records/address'
import { keyOf, refresh } from '../records/queries'
import { may } from '../session/session'
import { useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { number, time } from '../text/format'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError } from '../ui/field'
import { Screen } from '../ui/screen'
import { Empty, explain, Failed, Waiting } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import { toastFailure } from '../ui/toast'
import { stateOf, TONES } from './domain'
import { importText } from './messages'
import { Preview } from './preview'
import { Rows } from './rows'
import styles from './screens.module.css'

const LOOK_EVERY_MS = 1_000

export function ImportList() {
  const client = useQueryClient()
  const { go } = useAddress()
  const input = useRef<HTMLInputElement>(null)
  const [isUploading, setUploading] = useState(false)
  const [isOver, setOver] = useState(false)
  const [error, setError] = useState<unknown>()
  const t = importText.text
  const query = useQuery({
    queryKey: keyOf('imports', 'list'),
    queryFn: ({ signal }) =>
      call(listImports, { query: { page_size: 100, count: 'none', ordering: '-created_at' }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.results.some((one) => stateOf(one) === 'works') ? LOOK_EVERY_MS : false,
  })
  useCommands([
    {
      id: 'imports.upload',
      name: t.upload,
      group: t.many,
      keys: 'c',
      icon: <FileUp />,
      permission: 'imports:run',
      run: () => input.current?.click(),
    },
  ])

  const upload = async (file: File | undefined): Promise<void> => {
    if (!file) return
    const form = new FormData()
    form.set('file', file)
    form.set('mode', 'preview')
    setUploading(true)
    setError(undefined)
    try {
      const made = await call(createImport, { body: form, once: onceKey() })
      await client.invalidateQueries({ queryKey: keyOf('imports', 'list') })
      go(`imports/${made.id}`)
    } catch (refusal) {
      setError(refusal)
      setUploading(false)
    }
  }

  const columns: TableColumn<ImportView>[] = [
    {
      key: 'file',
      label: t.fields.file,
      cell: (one) => <Link to={hrefOf(`imports/${one.id}`)}>{one.file_name ?? one.id}</Link>,
    },
    { key: 'status', label: t.fields.status, cell: (one) => <Status of={one} /> },
    { key: 'rows', label: t.fields.rows, align: 'end', cell: (one) => number(one.total) },
    { key: 'created', label: t.fields.created, align: 'end', cell: (one) => number(one.created) },
    { key: 'updated', label: t.fields.updated, align: 'end', cell: (one) => number(one.updated) },
    { key: 'duplicates', label: t.fields.duplicates, align: 'end', cell: (one) => number(one.duplicates) },
    { key: 'errors', label: t.fields.errors, align: 'end', cell: (one) => number(one.errors) },
    { key: 'at', label: t.fields.at, cell: (one) => time(one.created_at) },
  ]
  const mayRun = may('imports:run')
  const onDrag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(over)
  }
  return (
    <Screen title={t.many}>
      {mayRun && (
        // Dropping is beside the button, which does the same by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <section
          className={styles.drop}
          data-over={isOver || undefined}
          aria-label={t.upload}
          onDragOver={onDrag(true)}
          onDragLeave={onDrag(false)}
          onDrop={(event) => {
            onDrag(false)(event)
            void upload(event.dataTransfer.files[0])
          }}
        >
          <p>{t.drop}</p>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={t.choose}
            accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson,.vcf"
            onChange={(event) => void upload(event.target.files?.[0])}
          />
          <Button
            kind="primary"
            icon={<FileUp />}
            disabled={isUploading}
            onClick={() => input.current?.click()}
          >
            {isUploading ? t.uploading : t.choose}
          </Button>
          <p className={styles.faint}>{t.uploadAbout}</p>
          {error !== undefined && <FormError>{explain(error)}</FormError>}
        </section>
      )}
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.results.length === 0 ? (
        <Empty title={t.none} />
      ) : (
        <Table label={t.many} columns={columns} rows={query.data.results} />
      )}
    </Screen>
  )
}

function Status({ of: one }: { of: ImportView }) {
  const t = importText.text
  const state = stateOf(one)
  const name = state === 'waits' ? t.ready : state === 'checked' ? t.checked : t.status[one.status]
  return <Badge tone={state === 'waits' ? 'accent' : TONES[one.status]}>{name}</Badge>
}

export function ImportPage() {
  const { id = '' } = useParams({ strict: false })
  const client = useQueryClient()
  const [isUndoing, setUndoing] = useState(false)
  const t = importText.text
  const query = useQuery({
    queryKey: keyOf('imports', 'one', id),
    queryFn: ({ signal }) => call(getImport, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && stateOf(state.data) === 'works' ? LOOK_EVERY_MS : false),
  })
  if (query.isPending) return <Waiting />
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />
  const one = query.data
  const state = stateOf(one)
  const again = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: keyOf('imports') })
    await refresh(client, 'leads')
  }
  const counts: Array<[string, number]> = [
    [t.fields.rows, one.total],
    [t.fields.created, one.created],
    [t.fields.updated, one.updated],
    [t.fields.duplicates, one.duplicates],
    [t.fields.errors, one.errors],
  ]
  const mayUndo =
    state === 'over' && one.mode === 'commit' && one.status !== 'failed' && one.status !== 'undone'
  return (
    <Screen
      title={
        <>
          {one.file_name ?? t.one} <Status of={one} />
        </>
      }
      actions={
        <>
          {one.errors > 0 && state !== 'works' && (
            <Button onClick={() => void download(one)}>{t.downloadErrors}</Button>
          )}
          {mayUndo && may('imports:run') && <Button onClick={() => setUndoing(true)}>{t.undo}</Button>}
        </>
      }
    >
      <p>
        <Link to={hrefOf('imports')}>{t.many}</Link>
      </p>
      {one.failure && <FormError>{one.failure}</FormError>}
      {state === 'works' && (
        <label className={styles.progress}>
          {t.progress}
          <progress max={100} value={one.progress} />
          {one.progress} %
        </label>
      )}
      {state !== 'waits' && (
        <dl className={styles.counts}>
          {counts.map(([label, count]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{number(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {(state === 'waits' || state === 'checked') && may('imports:run') && (
        <Preview of={one} onStarted={again} />
      )}
      {(state === 'checked' || state === 'over') && <Rows id={one.id} />}
      {isUndoing && <UndoDialog of={one} onClose={() => setUndoing(false)} onDone={again} />}
    </Screen>
  )
}

async function download(one: ImportView): Promise<void> {
  try {
    const file = await call(downloadImportErrors, { params: { id: one.id } })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = `errors-${one.file_name ?? one.id}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  } catch (error) {
    toastFailure(error)
  }
}

function UndoDialog({
  of: one,
  onClose,
  onDone,
}: {
  of: ImportView
  onClose: () => void
  onDone: () => Promise<void>
}) {
  const [once] = useState(onceKey)
  const [isBusy, setBusy] = useState(false)
  const t = importText.text
  const run = async (): Promise<void> => {
    setBusy(true)
    try {
      await call(undoImport, { params: { id: one.id }, once })
      await onDone()
    } catch (error) {
      toastFailure(error)
    }
    onClose()
  }
  return (
    <Dialog title={t.undo} onClose={onClose} urgent>
      <p>{t.undoAbout}</p>
      <DialogActions>
        <Button onClick={onClose}>{coreText.text.cancel}</Button>
        <Button kind="danger" disabled={isBusy} onClick={() => void run()}>
          {t.undo}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
