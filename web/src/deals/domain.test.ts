import { expect, test } from 'vitest'

import type { BoardView } from '../api/generated/lead.schema'
import { moved } from './domain'

const board = {
  pipeline: { id: 'p' },
  stages: [
    {
      id: 'a',
      count: 2,
      totals: [{ currency: 'EUR', count: 2, value: '300.10', weighted_value: '0.00' }],
      deals: [
        { id: '1', stage_id: 'a', value: '100.10', currency: 'EUR' },
        { id: '2', stage_id: 'a', value: '200.00', currency: 'EUR' },
      ],
    },
    { id: 'b', count: 0, totals: [], deals: [] },
  ],
} as unknown as BoardView

test('a move takes the deal, its count and its sum along', () => {
  const [a, b] = moved(board, '1', 'b').stages

  expect(a).toMatchObject({ count: 1, totals: [{ currency: 'EUR', value: '200.00' }] })
  expect(a?.deals.map((deal) => deal.id)).toEqual(['2'])
  expect(b).toMatchObject({ count: 1, totals: [{ currency: 'EUR', value: '100.10' }] })
  expect(b?.deals).toMatchObject([{ id: '1', stage_id: 'b' }])
})

test('a move to the same stage, or of an unknown deal, changes nothing', () => {
  expect(moved(board, '1', 'a')).toBe(board)
  expect(moved(board, '9', 'b')).toBe(board)
})
