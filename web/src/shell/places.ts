// Places of the app: what the sidebar, the palette and the keys lead to, each for those who may read it.

import type { ReactNode } from 'react'

export type Place = {
  id: string
  path: string
  permission: string
  label: () => string
  icon: ReactNode
  keys: string
  group: 'sales' | 'data' | 'settings'
}
