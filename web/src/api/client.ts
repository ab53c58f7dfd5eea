// Cache of what the server answered, and when it is asked again.

import { QueryClient } from '@tanstack/react-query'

import { Problem, Unreachable } from './problem'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => {
        if (error instanceof Unreachable) return failures < 3
        return error instanceof Problem && error.status >= 500 && failures < 2
      },
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 8_000),
    },
    mutations: { retry: false },
  },
})
