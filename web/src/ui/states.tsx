// States of a screen without content: empty, loading, failed, not allowed.

import { type ReactNode, useEffect, useState } from 'react'

import { Problem, Unreachable } from '../api/problem'
import { coreText } from '../text/core'
import { Button } from './button'
import styles from './states.module.css'

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.state}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = coreText.text
  const isForbidden = error instanceof Problem && error.status === 403
  const isGone = error instanceof Problem && error.status === 404
  return (
    <div className={styles.state} role="alert">
      <h2>{isForbidden ? t.notAllowed : isGone ? t.notFound : t.failed}</h2>
      <p className={styles.about}>{explain(error)}</p>
      {error instanceof Problem && error.requestId && (
        <p className={styles.about}>
          {t.requestId} <code>{error.requestId}</code>
        </p>
      )}
      {onRetry && !isForbidden && !isGone && <Button onClick={onRetry}>{t.retry}</Button>}
    </div>
  )
}

export function explain(error: unknown): string {
  if (error instanceof Unreachable) return coreText.text.unreachable
  return error instanceof Error ? error.message : String(error)
}

/** Shown only when waiting takes long enough to be noticed. */
export function Waiting({ rows = 6 }: { rows?: number }) {
  const [isShown, show] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => show(true), 150)
    return () => clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <div className={styles.waiting} role="status" aria-label={coreText.text.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className={styles.bar} />
      ))}
    </div>
  )
}
