// Conversion of a lead into a deal.

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { call } from '../api/call'
import { convertLead } from '../api/generated/lead'
import type { LeadView } from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { faultsByField } from '../api/problem'
import { useAddress } from '../records/address'
import { refresh } from '../records/queries'
import { may } from '../session/session'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError, TextField } from '../ui/field'
import { explain } from '../ui/states'
import { toast } from '../ui/toast'
import { dealTitle } from './domain'
import { leadText } from './messages'
import styles from './parts.module.css'

export function ConvertDialog({ lead, onClose }: { lead: LeadView; onClose: () => void }) {
  const client = useQueryClient()
  const { go } = useAddress()
  const [once] = useState(onceKey)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const t = leadText.text

  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const title = String(data.get('title') ?? '').trim()
    const value = String(data.get('value') ?? '').trim()
    setSaving(true)
    setError(undefined)
    try {
      const deal = { ...(title ? { title } : {}), ...(value ? { value: value.replace(',', '.') } : {}) }
      const made = await call(convertLead, { params: { id: lead.id }, body: { deal }, once })
      await Promise.all([refresh(client, 'leads', lead.id), refresh(client, 'deals')])
      toast(t.converted(title))
      onClose()
      if (may('deals:read')) go(`deals/${made.deal.id}`)
    } catch (refusal) {
      setError(refusal)
      setSaving(false)
    }
  }

  const faults = faultsByField(error)
  return (
    <Dialog title={t.convert} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void onSubmit(event)}>
        <p>{t.convertAbout}</p>
        <TextField
          label={t.convertTitle}
          name="title"
          defaultValue={dealTitle(lead)}
          error={faults['deal.title']}
          autoFocus
        />
        <TextField
          label={lead.currency ? `${t.convertValue} (${lead.currency})` : t.convertValue}
          name="value"
          inputMode="decimal"
          defaultValue={lead.estimated_value ? String(lead.estimated_value) : ''}
          error={faults['deal.value']}
        />
        {error !== undefined && !faults['deal.title'] && !faults['deal.value'] && (
          <FormError>{explain(error)}</FormError>
        )}
        <DialogActions>
          <Button onClick={onClose}>{coreText.text.cancel}</Button>
          <Button type="submit" kind="primary" disabled={isSaving}>
            {isSaving ? coreText.text.saving : t.convert}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
