// Frame of a screen that is no grid: a heading with its actions, and content that scrolls.

import type { ReactNode } from 'react'

import styles from './screen.module.css'

export function Screen({
  title,
  actions,
  children,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{title}</h1>
        <span className={styles.gap} />
        {actions}
      </header>
      <div className={styles.content}>{children}</div>
    </div>
  )
}
