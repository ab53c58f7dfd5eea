// Preferences that outlive a visit: looks for the browser, columns and views for a person in a tenant.

import { me, membership } from './session'

const LOOKS = 'leadstream.preferences'

export type Looks = {
  theme?: 'light' | 'dark' | 'system'
  density?: 'normal' | 'compact'
  language?: 'en' | 'de'
}

function read<T>(key: string): T | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A full or forbidden storage loses the preference, not the work.
  }
}

export const looks = (): Looks => read<Looks>(LOOKS) ?? {}

export function setLooks(change: Looks): void {
  const next = { ...looks(), ...change }
  write(LOOKS, next)
  const isDark =
    next.theme === 'dark' || (next.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  document.documentElement.dataset.density = next.density ?? 'normal'
  if (change.language && change.language !== document.documentElement.lang) location.reload()
}

const own = (name: string): string => `leadstream.${me().id}.${membership().tenant_id}.${name}`

export const remembered = <T>(name: string): T | undefined => read<T>(own(name))

export const remember = (name: string, value: unknown): void => write(own(name), value)
