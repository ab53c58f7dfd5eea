// A column of a grid: how its cells look, and how they are edited.

import type { ReactNode } from 'react'

import type { Choice } from '../ui/picker'

export type Editor =
  | {
      kind: 'text'
      input: 'text' | 'email' | 'tel' | 'url' | 'number' | 'date'
      maxLength?: number | undefined
    }
  | { kind: 'choice'; choices: () => Choice[] }

export type Column<Row> = {
  key: string
  label: string
  width: number
  align?: 'end'
  /** A plain function: no state, no effects. */
  cell: (row: Row) => ReactNode
  /** The value as it is edited. */
  value: (row: Row) => string
  isOrderable: boolean
  editor?: Editor | undefined
}

export type RowOf = { id: string; version: number }
