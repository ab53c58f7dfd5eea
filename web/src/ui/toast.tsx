// Short messages at the edge of the screen, with undo; Ctrl+Z undoes the last one.

import { useSyncExternalStore } from 'react'
import { X } from 'lucide-react'

import { coreText } from '../text/core'
import { Button } from './button'
import { explain } from './states'
import styles from './toast.module.css'

type Toast = { id: number; text: string; tone: 'plain' | 'bad'; undo?: (() => Promise<void>) | undefined }

const SHOWN_FOR_MS = 8_000

let toasts: Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function set(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const dismiss = (id: number): void => set(toasts.filter((toast) => toast.id !== id))

export function toast(text: string, undo?: () => Promise<void>, tone: Toast['tone'] = 'plain'): void {
  const id = ++last
  set([...toasts.slice(-2), { id, text, tone, undo }])
  setTimeout(() => dismiss(id), SHOWN_FOR_MS)
}

export const toastFailure = (error: unknown): void => toast(explain(error), undefined, 'bad')

/** Undoes what was done last, if its message is still there. */
export async function undoLast(): Promise<boolean> {
  const undoable = toasts.findLast((one) => one.undo)
  if (!undoable) return false
  await undo(undoable)
  return true
}

async function undo({ id, undo: back }: Toast): Promise<void> {
  dismiss(id)
  try {
    await back?.()
    toast(coreText.text.undone)
  } catch (error) {
    toastFailure(error)
  }
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className={styles.stack} role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className={`${styles.toast} ${one.tone === 'bad' ? styles.bad : ''}`}>
          <span className={styles.text}>{one.text}</span>
          {one.undo && (
            <Button kind="quiet" onClick={() => void undo(one)}>
              {coreText.text.undo}
            </Button>
          )}
          <Button kind="quiet" iconOnly icon={<X />} onClick={() => dismiss(one.id)}>
            {coreText.text.close}
          </Button>
        </div>
      ))}
    </div>
  )
}
