// Invitations: sent, sent again, revoked; the link is shown when one is made.

import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { call } from '../api/call'
import { inviteMember, resendInvitation, revokeInvitation } from '../api/generated/tenant'
import { type InvitationView, inviteUserLimits, type RoleView } from '../api/generated/tenant.schema'
import { onceKey } from '../api/once'
import { faultsByField } from '../api/problem'
import { keyOf } from '../records/queries'
import { may, membership } from '../session/session'
import { coreText } from '../text/core'
import { date } from '../text/format'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError, SelectField, TextField } from '../ui/field'
import { Secret } from '../ui/secret'
import { explain, Failed } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import { toast, toastFailure } from '../ui/toast'
import { memberText } from './messages'
import styles from './screens.module.css'

export function Invitations({ query }: { query: UseQueryResult<{ results: InvitationView[] }> }) {
  const client = useQueryClient()
  const t = memberText.text
  const run = async (said: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
      toast(said)
    } catch (error) {
      toastFailure(error)
    }
    await client.invalidateQueries({ queryKey: keyOf('invitations', 'list') })
  }
  const open = query.data?.results.filter((one) => one.status === 'pending' || one.status === 'expired') ?? []
  const columns: TableColumn<InvitationView>[] = [
    { key: 'email', label: t.email, cell: (one) => one.email },
    { key: 'role', label: t.role, cell: (one) => one.role },
    {
      key: 'status',
      label: t.status,
      cell: (one) => (
        <Badge tone={one.status === 'expired' ? 'warn' : 'info'}>{t.invitationStates[one.status]}</Badge>
      ),
    },
    { key: 'expires', label: t.expires, cell: (one) => date(one.expires_at) },
    {
      key: 'actions',
      label: t.actions,
      isAction: true,
      align: 'end',
      cell: (one) =>
        may('tenant_users:invite') && (
          <span className={styles.actions}>
            <Button
              kind="quiet"
              aria-label={`${t.resend}: ${one.email}`}
              onClick={() =>
                void run(t.sent(one.email), () => call(resendInvitation, { params: { id: one.id } }))
              }
            >
              {t.resend}
            </Button>
            <Button
              kind="quiet"
              aria-label={`${t.revoke}: ${one.email}`}
              onClick={() =>
                void run(t.revoked(one.email), () => call(revokeInvitation, { params: { id: one.id } }))
              }
            >
              {t.revoke}
            </Button>
          </span>
        ),
    },
  ]
  return (
    <section className={styles.section}>
      <h2>{t.invitations}</h2>
      {query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : open.length === 0 ? (
        <p className={styles.faint}>{t.noInvitations}</p>
      ) : (
        <Table label={t.invitations} columns={columns} rows={open} />
      )}
    </section>
  )
}

export function InviteDialog({
  roles,
  onClose,
  onInvited,
}: {
  roles: readonly RoleView[]
  onClose: () => void
  onInvited: () => void
}) {
  const [once, setOnce] = useState(onceKey)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const [link, setLink] = useState<string>()
  const t = memberText.text

  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string): string => String(data.get(name) ?? '').trim()
    setSaving(true)
    setError(undefined)
    try {
      const body = {
        email: text('email'),
        role: text('role'),
        ...(text('department') ? { department: text('department') } : {}),
      }
      const made = await call(inviteMember, { params: { id: membership().tenant_id }, body, once })
      onInvited()
      setLink(made.accept_url)
    } catch (refusal) {
      setError(refusal)
      setOnce(onceKey())
    } finally {
      setSaving(false)
    }
  }
  const faults = faultsByField(error)
  if (link !== undefined) {
    return (
      <Dialog title={t.invited} onClose={onClose} urgent>
        <p>{t.linkAbout}</p>
        <Secret label={t.link} value={link} />
        <DialogActions>
          <Button kind="primary" onClick={onClose}>
            {coreText.text.close}
          </Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <Dialog title={t.inviteOne} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void onSubmit(event)} noValidate>
        <TextField
          label={t.email}
          name="email"
          type="email"
          error={faults.email}
          maxLength={inviteUserLimits.email.maxLength}
          autoFocus
        />
        <SelectField
          label={t.role}
          name="role"
          error={faults.role}
          choices={roles.map((role) => ({ id: role.name, label: role.name }))}
          defaultValue={roles.at(-1)?.name}
        />
        <TextField
          label={t.department}
          name="department"
          error={faults.department}
          maxLength={inviteUserLimits.department.maxLength}
        />
        {error !== undefined && Object.keys(faults).length === 0 && <FormError>{explain(error)}</FormError>}
        <DialogActions>
          <Button onClick={onClose}>{coreText.text.cancel}</Button>
          <Button type="submit" kind="primary" disabled={isSaving}>
            {t.invite}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
