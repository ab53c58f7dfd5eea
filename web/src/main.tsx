// Start of the app.

import './ui/tokens.css'

import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { queryClient } from './api/client'
import { reloadWhenOutdated } from './outdated'
import { router } from './routes'
import { begin } from './session/session'
import { coreText } from './text/core'
import { trustNothing } from './trust'

trustNothing()
reloadWhenOutdated()
// Both at once; routes wait for the session themselves.
const texts = coreText.load()
void begin().catch(() => undefined)
await texts

const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
