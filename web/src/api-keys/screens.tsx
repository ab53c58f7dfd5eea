// Screen of API keys: made, rotated and revoked; the key itself is shown once.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Plus } from 'lucide-react'

import { call } from '../api/call'
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '../api/generated/lead'
import { type ApiKeyView, writeApiKeyLimits } from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { faultsByField } from '../api/problem'
import { keyOf } from '../records/queries'
import { may } from '../session/session'
import { useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { ago, date, isPast, number } from '../text/format'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError, TextArea, TextField } from '../ui/field'
import { Screen } from '../ui/screen'
import { Secret } from '../ui/secret'
import { Empty, explain, Failed, Waiting } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import styles from './screens.module.css'
import { apiKeyText } from './messages'

type Step = { at: 'create' } | { at: 'made'; key: string } | { at: 'rotate' | 'revoke'; of: ApiKeyView }

export function ApiKeys() {
  const client = useQueryClient()
  const [step, setStep] = useState<Step>()
  const t = apiKeyText.text
  const key = keyOf('api-keys', 'list')
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      call(listApiKeys, { query: { page_size: 200, count: 'none', ordering: '-created_at' }, signal }),
  })
  useCommands([
    {
      id: 'api-keys.create',
      name: t.newOne,
      group: t.many,
      keys: 'c',
      icon: <Plus />,
      permission: 'api_keys:create',
      run: () => setStep({ at: 'create' }),
    },
  ])
  const changed = (made?: string): void => {
    void client.invalidateQueries({ queryKey: key })
    setStep(made ? { at: 'made', key: made } : undefined)
  }
  const columns: TableColumn<ApiKeyView>[] = [
    { key: 'name', label: t.fields.name, cell: (one) => one.name },
    { key: 'status', label: t.fields.status, cell: (one) => <Status of={one} /> },
    { key: 'prefix', label: t.fields.prefix, cell: (one) => <code>{one.prefix}…</code> },
    {
      key: 'origins',
      label: t.fields.allowed_origins,
      cell: (one) => one.allowed_origins.join(', ') || t.any,
    },
    { key: 'used', label: t.fields.last_used_at, cell: (one) => ago(one.last_used_at) || t.never },
    { key: 'count', label: t.fields.use_count, align: 'end', cell: (one) => number(one.use_count) },
    { key: 'created', label: t.fields.created_at, cell: (one) => date(one.created_at) },
    {
      key: 'actions',
      label: t.actions,
      isAction: true,
      align: 'end',
      cell: (one) =>
        may('api_keys:update') && !one.revoked_at ? (
          <span className={styles.actions}>
            <Button
              kind="quiet"
              onClick={() => setStep({ at: 'rotate', of: one })}
              aria-label={`${t.rotate}: ${one.name}`}
            >
              {t.rotate}
            </Button>
            <Button
              kind="quiet"
              onClick={() => setStep({ at: 'revoke', of: one })}
              aria-label={`${t.revoke}: ${one.name}`}
            >
              {t.revoke}
            </Button>
          </span>
        ) : null,
    },
  ]
  return (
    <Screen
      title={t.many}
      actions={
        may('api_keys:create') && (
          <Button kind="primary" icon={<Plus />} onClick={() => setStep({ at: 'create' })}>
            {t.newOne}
          </Button>
        )
      }
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.results.length === 0 ? (
        <Empty title={t.none} />
      ) : (
        <Table label={t.many} columns={columns} rows={query.data.results} />
      )}
      {step?.at === 'create' && <CreateKey onClose={() => setStep(undefined)} onMade={changed} />}
      {step?.at === 'made' && (
        <Dialog title={t.key} onClose={() => setStep(undefined)} urgent>
          <p>{t.keyOnce}</p>
          <Secret label={t.key} value={step.key} />
          <DialogActions>
            <Button kind="primary" onClick={() => setStep(undefined)}>
              {coreText.text.close}
            </Button>
          </DialogActions>
        </Dialog>
      )}
      {(step?.at === 'rotate' || step?.at === 'revoke') && (
        <Confirm at={step.at} of={step.of} onClose={() => setStep(undefined)} onDone={changed} />
      )}
    </Screen>
  )
}

function Status({ of: key }: { of: ApiKeyView }) {
  const t = apiKeyText.text
  if (key.revoked_at) return <Badge>{t.revoked}</Badge>
  if (isPast(key.expires_at)) return <Badge tone="warn">{t.expired}</Badge>
  return <Badge tone="good">{t.active}</Badge>
}

function CreateKey({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }) {
  const [once, setOnce] = useState(onceKey)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const t = apiKeyText.text
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const origins = String(data.get('origins') ?? '')
      .split(/[\s,]+/)
      .filter(Boolean)
    setSaving(true)
    setError(undefined)
    try {
      const made = await call(createApiKey, {
        body: { name: String(data.get('name') ?? '').trim(), allowed_origins: origins },
        once,
      })
      onMade((made as { key: string }).key)
    } catch (refusal) {
      setError(refusal)
      setOnce(onceKey())
      setSaving(false)
    }
  }
  const faults = faultsByField(error)
  const origins = Object.entries(faults).find(([field]) => field.startsWith('allowed_origins'))?.[1]
  return (
    <Dialog title={t.newOne} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void onSubmit(event)} noValidate>
        <TextField
          label={t.fields.name}
          name="name"
          maxLength={writeApiKeyLimits.name.maxLength}
          error={faults.name}
          aria-required
          autoFocus
        />
        <TextArea label={t.fields.allowed_origins} name="origins" help={t.originsHelp} error={origins} />
        {error !== undefined && !faults.name && !origins && <FormError>{explain(error)}</FormError>}
        <DialogActions>
          <Button onClick={onClose}>{coreText.text.cancel}</Button>
          <Button type="submit" kind="primary" disabled={isSaving}>
            {coreText.text.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function Confirm({
  at,
  of: key,
  onClose,
  onDone,
}: {
  at: 'rotate' | 'revoke'
  of: ApiKeyView
  onClose: () => void
  onDone: (made?: string) => void
}) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [once] = useState(onceKey)
  const t = apiKeyText.text
  const run = async (): Promise<void> => {
    setBusy(true)
    try {
      const given = { params: { id: key.id }, once }
      if (at === 'revoke') {
        await call(revokeApiKey, given)
        onDone()
      } else onDone(((await call(rotateApiKey, given)) as { key: string }).key)
    } catch (refusal) {
      setError(refusal)
      setBusy(false)
    }
  }
  return (
    <Dialog title={`${t[at]}: ${key.name}`} onClose={onClose} urgent>
      <p>{at === 'rotate' ? t.rotateAbout : t.revokeAbout}</p>
      <p>{coreText.text.sure}</p>
      {error !== undefined && <FormError>{explain(error)}</FormError>}
      <DialogActions>
        <Button onClick={onClose}>{coreText.text.cancel}</Button>
        <Button kind="danger" disabled={isBusy} onClick={() => void run()}>
          {t[at]}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
