import { expect, test } from 'vitest'

import { remapped, SKIP, stateOf } from './domain'

test('a preview waits, everything under way is watched', () => {
  expect(stateOf({ status: 'pending', mode: 'preview' })).toBe('waits')
  expect(stateOf({ status: 'pending', mode: 'commit' })).toBe('works')
  expect(stateOf({ status: 'running', mode: 'commit' })).toBe('works')
})

test('a check that is done can be followed by the import', () => {
  expect(stateOf({ status: 'completed_with_errors', mode: 'validate' })).toBe('checked')
  expect(stateOf({ status: 'completed', mode: 'commit' })).toBe('over')
  expect(stateOf({ status: 'failed', mode: 'validate' })).toBe('over')
})

test('one column is mapped again and the others stay', () => {
  const columns = [
    { name: 'Mail', field: 'email' },
    { name: 'Budget', field: null },
  ] as unknown as Parameters<typeof remapped>[0]

  expect(remapped(columns, 'Budget', 'estimated_value')).toEqual({ Mail: 'email', Budget: 'estimated_value' })
  expect(remapped(columns, 'Mail', '')).toEqual({ Mail: null, Budget: null })
  expect(remapped(columns, 'Mail', SKIP)).toEqual({ Mail: 'skip', Budget: null })
})
