// Dialogs, loaded when the first screen is there.

import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'

import styles from './dialog.module.css'
import type { Dialog as View } from './dialog-view'
import { Opening } from './opening'

const load = () => import('./dialog-view')
const LazyDialog = lazy(async () => ({ default: (await load()).Dialog }))

/** Loads them before they are asked for. */
export const preloadDialog = (): void => void load()

export const Dialog = (props: ComponentProps<typeof View>) => (
  <Suspense fallback={<Opening />}>
    <LazyDialog {...props} />
  </Suspense>
)

/** The buttons at a dialog's end. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <footer className={styles.actions}>{children}</footer>
}
