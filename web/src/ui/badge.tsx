// Small marks: a coloured word for a state, a circle for a person.

import styles from './badge.module.css'
import { initials } from '../text/format'

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'accent'

export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: string }) => (
  <span className={`${styles.badge} ${styles[tone]}`}>{children}</span>
)

export const Avatar = ({ name }: { name: string }) => (
  // Drawn and not written: the name stands beside it.
  <span className={styles.avatar} aria-hidden="true" data-initials={initials(name) || '?'} />
)

export const Person = ({ name }: { name: string }) => (
  <span className={styles.person}>
    <Avatar name={name} />
    <span className={styles.name}>{name}</span>
  </span>
)
