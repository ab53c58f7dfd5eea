import { expect, test } from 'vitest'

import { editedText, writtenValue } from './values'

test('an emptied input removes the value', () => {
  expect(writtenValue('text', '  ')).toBeNull()
  expect(writtenValue('money', '')).toBeNull()
})

test('numbers are written as numbers, money as the text of its amount', () => {
  expect(writtenValue('number', '12,5')).toBe(12.5)
  expect(writtenValue('money', '1200,50')).toBe('1200.50')
})

test('what is no number goes to the server as it is, which says so at the field', () => {
  expect(writtenValue('number', 'many')).toBe('many')
})

test('a time is edited by its day', () => {
  expect(editedText('time', '2026-11-28T09:30:00Z')).toBe('2026-11-28')
  expect(editedText('choice', null)).toBe('')
})
