// Pages of a long list: those near the screen are loaded, neighbours by cursor, far ones by number.

import { type QueryKey, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'

import type { ListOf } from '../api/operation'

export const PAGE = 100

export type Source<Row> = {
  key: QueryKey
  /** A page of rows, by cursor where that is known and else by number from 1. */
  page: (at: { cursor: string } | { page: number }, signal: AbortSignal) => Promise<ListOf<Row>>
  count: (signal: AbortSignal) => Promise<number>
}

/** The pages of a stretch of rows, from the first to the last. */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(first / PAGE)
  const to = Math.floor(last / PAGE)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

/** How a page is asked for: the first by the empty cursor, a neighbour by the cursor of the one before. */
export function placeOf(
  page: number,
  before: ListOf<unknown> | undefined,
): { cursor: string } | { page: number } {
  if (page === 0) return { cursor: '' }
  return before?.next_cursor ? { cursor: before.next_cursor } : { page: page + 1 }
}

export function useRows<Row>(source: Source<Row>) {
  const client = useQueryClient()
  const [stretch, setStretch] = useState({ first: 0, last: 0 })
  const onRange = useCallback((first: number, last: number) => {
    setStretch((now) => (now.first === first && now.last === last ? now : { first, last }))
  }, [])
  const keyOf = (page: number): QueryKey => [...source.key, 'rows', page]

  const pages = pagesOf(stretch.first, stretch.last)
  const loaded = useQueries({
    queries: pages.map((page) => ({
      queryKey: keyOf(page),
      // Rows are read from the cache, so that a change of data alone must be told as well.
      notifyOnChangeProps: 'all' as const,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        source.page(
          placeOf(page, page > 0 ? client.getQueryData<ListOf<Row>>(keyOf(page - 1)) : undefined),
          signal,
        ),
    })),
  })
  const counted = useQuery({
    queryKey: [...source.key, 'count'],
    queryFn: ({ signal }) => source.count(signal),
  })

  const firstPage = client.getQueryData<ListOf<Row>>(keyOf(0))
  const atLeast = (firstPage?.results.length ?? 0) + (firstPage?.next_cursor ? PAGE : 0)
  const isShort = firstPage !== undefined && !firstPage.next_cursor
  const rowAt = (index: number): Row | undefined =>
    client.getQueryData<ListOf<Row>>(keyOf(Math.floor(index / PAGE)))?.results[index % PAGE]

  return {
    rowAt,
    onRange,
    isLoading: firstPage === undefined && loaded.some((page) => page.isPending),
    error: loaded.find((page) => page.isError)?.error ?? undefined,
    retry: () => void client.invalidateQueries({ queryKey: source.key }),
    /** How many rows there are, as far as is known. */
    count: isShort ? firstPage.results.length : (counted.data ?? atLeast),
    isCounted: isShort || counted.data !== undefined,
  }
}
