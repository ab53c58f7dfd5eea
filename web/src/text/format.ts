// Numbers, money, dates and names, written for people in the active language.

import { language } from './catalog'

const locale = language === 'de' ? 'de-DE' : 'en-GB'
const whole = new Intl.NumberFormat(locale)
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
const monies = new Map<string, Intl.NumberFormat>()

export const number = (value: number): string => whole.format(value)

export function money(
  value: string | number | null | undefined,
  currency: string | null | undefined,
): string {
  if (value === null || value === undefined || value === '') return ''
  const amount = Number(value)
  if (!Number.isFinite(amount)) return String(value)
  const code = currency ?? ''
  if (!code) return whole.format(amount)
  let format = monies.get(code)
  if (!format) {
    const fractions = { minimumFractionDigits: 0, maximumFractionDigits: 2 }
    format = new Intl.NumberFormat(locale, { style: 'currency', currency: code, ...fractions })
    monies.set(code, format)
  }
  return format.format(amount)
}

export function date(value: string | null | undefined): string {
  if (!value) return ''
  const at = new Date(value.length === 10 ? `${value}T00:00:00` : value)
  return (at.getFullYear() === new Date().getFullYear() ? day : dayOfYear).format(at)
}

export const time = (value: string | null | undefined): string =>
  value ? moment.format(new Date(value)) : ''

const STEPS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
  ['month', 2_629_800],
  ['year', 31_557_600],
]

export function ago(value: string | null | undefined, now = Date.now()): string {
  if (!value) return ''
  const seconds = (Date.parse(value) - now) / 1000
  let best = relative.format(0, 'minute')
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) best = relative.format(Math.trunc(seconds / size), unit)
  }
  return best
}

export const isPast = (value: string | null | undefined): boolean => !!value && Date.parse(value) < Date.now()

export function fullName(person: { first_name?: string | null; last_name?: string | null }): string {
  return [person.first_name, person.last_name].filter(Boolean).join(' ')
}

export function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words[1]?.[0] ?? '') : '')).toUpperCase()
}
