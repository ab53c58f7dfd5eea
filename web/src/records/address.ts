// Addresses of records and lists, below the tenant.

import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

import { membership } from '../session/session'
import type { Search } from '../views/view'

export const hrefOf = (path: string): string => `/t/${membership().client_id}/${path}`

/** What the address asks for, and how it is changed; small changes replace the entry of the history. */
export function useAddress() {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const pathname = useLocation({ select: (location) => location.pathname })
  const setSearch = useCallback(
    (next: Search, isReplacing = false) =>
      void navigate({ to: pathname, search: next, replace: isReplacing, resetScroll: false }),
    [navigate, pathname],
  )
  const go = useCallback(
    (path: string, next: Search = {}) => void navigate({ to: hrefOf(path), search: next }),
    [navigate],
  )
  return useMemo(() => ({ search, setSearch, go }), [search, setSearch, go])
}
