// Buttons: one look for each weight, and a reason where one is disabled.

import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'

import styles from './button.module.css'

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: 'plain' | 'primary' | 'quiet' | 'danger'
  icon?: ReactNode
  ref?: Ref<HTMLButtonElement>
  /** The text is for those who don't see the icon. */
  iconOnly?: boolean
  /** Why it cannot be used; shown and read out. */
  disabledReason?: string | undefined
}

export function Button({
  kind = 'plain',
  icon,
  iconOnly = false,
  disabledReason,
  children,
  className,
  type = 'button',
  ...rest
}: ButtonProps) {
  const label = typeof children === 'string' ? children : undefined
  return (
    <button
      {...rest}
      type={type}
      className={[styles.button, styles[kind], iconOnly && styles.iconOnly, className]
        .filter(Boolean)
        .join(' ')}
      disabled={rest.disabled || disabledReason !== undefined}
      title={disabledReason ?? rest.title ?? (iconOnly ? label : undefined)}
      aria-label={iconOnly ? label : rest['aria-label']}
    >
      {icon}
      {!iconOnly && children}
    </button>
  )
}
