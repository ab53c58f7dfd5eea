import { expect, test } from 'vitest'

import { dayAfter, isOverdue } from './domain'

const now = Date.parse('2026-11-28T12:00:00Z')

test('a task is overdue while it is open and its time has passed', () => {
  expect(isOverdue({ status: 'open', due_at: '2026-11-28T11:00:00Z' }, now)).toBe(true)
  expect(isOverdue({ status: 'done', due_at: '2026-11-28T11:00:00Z' }, now)).toBe(false)
  expect(isOverdue({ status: 'open', due_at: '2026-11-28T13:00:00Z' }, now)).toBe(false)
  expect(isOverdue({ status: 'open', due_at: null }, now)).toBe(false)
})

test('snoozing goes to the next day that is to come', () => {
  expect(dayAfter('2026-11-28T15:00:00.000Z', now)).toBe('2026-11-29T15:00:00.000Z')
  expect(dayAfter('2026-11-20T09:00:00.000Z', now)).toBe('2026-11-29T09:00:00.000Z')
})
