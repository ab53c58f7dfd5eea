// Edits of a field: shown at once, saved with the version last seen, taken back when refused, undone with a key.

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { call } from '../api/call'
import { Problem } from '../api/problem'
import { useMembers } from '../people/people'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { toast, toastFailure } from '../ui/toast'
import styles from './edit.module.css'
import { type Entity, type Field, fieldOf, type RecordView } from './entity'
import { oneQuery, patchCopies, refresh } from './queries'
import { shownText, textOf, writtenValue } from './values'

type Conflict<View> = { field: Field<View>; mine: unknown; theirs: View }

async function write<View extends RecordView>(
  client: QueryClient,
  entity: Entity<View>,
  row: View,
  change: Partial<View>,
): Promise<View> {
  const takeBack = patchCopies<View>(client, entity.noun, row.id, change)
  try {
    const written = (await call(entity.operations.update, {
      params: { id: row.id },
      body: change,
      version: row.version,
    })) as View
    patchCopies<View>(client, entity.noun, row.id, written)
    void client.invalidateQueries({ queryKey: [...oneQuery(entity, row.id).queryKey] })
    return written
  } catch (error) {
    takeBack()
    throw error
  }
}

/** How a field of this kind of record is changed, and the dialog for when others were first. */
export function useEdit<View extends RecordView>(entity: Entity<View>) {
  const client = useQueryClient()
  const [conflict, setConflict] = useState<Conflict<View>>()

  const change = async (row: View, key: string, value: unknown, isUndo = false): Promise<void> => {
    const field = fieldOf(entity, key)
    if (!field) return
    const before = row[field.key]
    try {
      const written = await write(client, entity, row, { [key]: value } as Partial<View>)
      void refresh(client, entity.noun, row.id)
      if (!isUndo) {
        const latest = { ...row, ...written }
        toast(coreText.text.record.saved(field.label), () => change(latest, key, before ?? null, true))
      }
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) {
        if (isUndo) throw error
        toastFailure(error)
        return
      }
      const theirs = await client.fetchQuery({ ...oneQuery(entity, row.id), staleTime: 0 })
      patchCopies<View>(client, entity.noun, row.id, theirs)
      setConflict({ field, mine: value, theirs })
    }
  }

  const dialog = conflict ? (
    <ConflictDialog
      conflict={conflict}
      onMine={() => {
        setConflict(undefined)
        void change(conflict.theirs, conflict.field.key, conflict.mine)
      }}
      onTheirs={() => setConflict(undefined)}
    />
  ) : null

  return {
    change,
    changeText: (row: View, key: string, text: string) => {
      const field = fieldOf(entity, key)
      return field ? change(row, key, writtenValue(field.kind, text)) : Promise.resolve()
    },
    dialog,
  }
}

function ConflictDialog<View extends RecordView>({
  conflict: { field, mine, theirs },
  onMine,
  onTheirs,
}: {
  conflict: Conflict<View>
  onMine: () => void
  onTheirs: () => void
}) {
  const members = useMembers()
  const t = coreText.text.record
  const currency = (theirs as { currency?: string | null }).currency
  return (
    <Dialog title={t.conflict} onClose={onTheirs} urgent>
      <p>{t.conflictAbout(field.label)}</p>
      <dl className={styles.values}>
        <dt>{t.mine}</dt>
        <dd>{textOf(field, mine, currency, members) || t.empty}</dd>
        <dt>{t.theirs}</dt>
        <dd>{shownText(field, theirs, members) || t.empty}</dd>
      </dl>
      <DialogActions>
        <Button onClick={onTheirs}>{t.keepTheirs}</Button>
        <Button kind="primary" onClick={onMine}>
          {t.keepMine}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
