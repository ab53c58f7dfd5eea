// Boards as they are after a move, before the server has answered. Pure.

import type { BoardView } from '../api/generated/lead.schema'

const cents = (amount: string | number): number => Math.round(Number(amount) * 100)

/** The board with a deal in another stage, counts and sums included. */
export function moved(board: BoardView, dealId: string, stageId: string): BoardView {
  const from = board.stages.find((stage) => stage.deals.some((deal) => deal.id === dealId))
  const deal = from?.deals.find((one) => one.id === dealId)
  if (!from || !deal || from.id === stageId) return board
  const value = cents(deal.value)
  const stages = board.stages.map((stage) => {
    if (stage.id !== from.id && stage.id !== stageId) return stage
    const isTarget = stage.id === stageId
    const known = stage.totals.some((total) => total.currency === deal.currency)
    const none = { currency: deal.currency, count: 0, value: '0.00', weighted_value: '0.00' }
    const totals = known || !isTarget ? stage.totals : [...stage.totals, none]
    const sign = isTarget ? 1 : -1
    return {
      ...stage,
      count: stage.count + sign,
      totals: totals.map((total) =>
        total.currency === deal.currency
          ? {
              ...total,
              count: total.count + sign,
              value: ((cents(total.value) + sign * value) / 100).toFixed(2),
            }
          : total,
      ),
      deals: isTarget
        ? [{ ...deal, stage_id: stageId }, ...stage.deals]
        : stage.deals.filter((one) => one.id !== dealId),
    }
  })
  return { ...board, stages }
}
