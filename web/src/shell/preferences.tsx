// Account and preferences: looks, language, and the way out.

import { useState } from 'react'
import { LogOut } from 'lucide-react'

import { looks, setLooks } from '../session/preferences'
import { me, signOut } from '../session/session'
import { language } from '../text/catalog'
import { coreText } from '../text/core'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { SelectField } from '../ui/field'
import { toastFailure } from '../ui/toast'

const named = (labels: Record<string, string>) => Object.entries(labels).map(([id, label]) => ({ id, label }))

export function Preferences({ onClose }: { onClose: () => void }) {
  const t = coreText.text
  const [kept, setKept] = useState(looks)
  const set = (change: ReturnType<typeof looks>): void => {
    setLooks(change)
    setKept(looks())
  }
  return (
    <Dialog title={t.shell.account} onClose={onClose}>
      <p>{me().email}</p>
      <SelectField
        label={t.shell.theme}
        choices={named(t.shell.themes)}
        value={kept.theme ?? 'system'}
        onChange={(event) => set({ theme: event.target.value as 'light' })}
      />
      <SelectField
        label={t.shell.density}
        choices={named(t.shell.densities)}
        value={kept.density ?? 'normal'}
        onChange={(event) => set({ density: event.target.value as 'normal' })}
      />
      <SelectField
        label={t.shell.language}
        choices={named({ en: 'English', de: 'Deutsch' })}
        value={language}
        onChange={(event) => set({ language: event.target.value as 'en' })}
      />
      <DialogActions>
        <Button icon={<LogOut />} onClick={() => void signOut().catch(toastFailure)}>
          {t.shell.signOut}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
