// Loss of a deal, with its reason.

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'

import { call } from '../api/call'
import { loseDeal, moveDeal } from '../api/generated/lead'
import type { DealView } from '../api/generated/lead.schema'
import { onceKey } from '../api/once'
import { refresh } from '../records/queries'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { FormError, TextField } from '../ui/field'
import { explain } from '../ui/states'
import { toast } from '../ui/toast'
import { dealText } from './messages'
import styles from './lose.module.css'

export function LoseDialog({ deal, onClose }: { deal: DealView; onClose: () => void }) {
  const client = useQueryClient()
  const [once] = useState(onceKey)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const t = dealText.text

  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    setSaving(true)
    try {
      await call(loseDeal, { params: { id: deal.id }, body: { lost_reason: reason }, once })
      await refresh(client, 'deals', deal.id)
      toast(`${t.status.lost}: ${deal.title}`, async () => {
        await call(moveDeal, { params: { id: deal.id }, body: { stage_id: deal.stage_id } })
        await refresh(client, 'deals', deal.id)
      })
      onClose()
    } catch (refusal) {
      setError(refusal)
      setSaving(false)
    }
  }
  return (
    <Dialog title={`${t.lose}: ${deal.title}`} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void onSubmit(event)}>
        <TextField label={t.reason} name="reason" help={t.loseAbout} required autoFocus />
        {error !== undefined && <FormError>{explain(error)}</FormError>}
        <DialogActions>
          <Button onClick={onClose}>{coreText.text.cancel}</Button>
          <Button type="submit" kind="primary" disabled={isSaving}>
            {t.lose}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
