import { expect, test } from 'vitest'

import { dealTitle, leadName, scoreTone } from './domain'

test('a lead is named by the person, else by how they are reached', () => {
  expect(leadName({ first_name: 'Ada', last_name: 'Lovelace', email: 'a@b.example' })).toBe('Ada Lovelace')
  expect(leadName({ last_name: 'Lovelace' })).toBe('Lovelace')
  expect(leadName({ email: 'a@b.example', company_name: 'Engines' })).toBe('a@b.example')
  expect(leadName({ company_name: 'Engines' })).toBe('Engines')
})

test('a deal is named by the company', () => {
  expect(dealTitle({ first_name: 'Ada', company_name: 'Engines' })).toBe('Engines')
  expect(dealTitle({ first_name: 'Ada' })).toBe('Ada')
})

test('scores come in three bands', () => {
  expect([0, 39, 40, 69, 70, 100].map(scoreTone)).toEqual([
    'neutral',
    'neutral',
    'warn',
    'warn',
    'good',
    'good',
  ])
})
