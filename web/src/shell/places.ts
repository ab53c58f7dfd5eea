// Places of the app: what the sidebar, the palette and the keys lead to, each for those who may read it.

import { coreText } from '../text/core'

export type Place = {
  id: string
  path: string
  permission: string
  label: () => string
  keys: string
  group: 'sales' | 'data' | 'settings'
}

export const places: Place[] = [
  {
    id: 'leads',
    path: 'leads',
    permission: 'leads:read',
    label: () => coreText.text.nav.leads,
    keys: 'g l',
    group: 'sales',
  },
  {
    id: 'deals',
    path: 'deals',
    permission: 'deals:read',
    label: () => coreText.text.nav.deals,
    keys: 'g d',
    group: 'sales',
  },
  {
    id: 'tasks',
    path: 'tasks',
    permission: 'tasks:read',
    label: () => coreText.text.nav.tasks,
    keys: 'g t',
    group: 'sales',
  },
  {
    id: 'accounts',
    path: 'accounts',
    permission: 'accounts:read',
    label: () => coreText.text.nav.accounts,
    keys: 'g a',
    group: 'sales',
  },
  {
    id: 'imports',
    path: 'imports',
    permission: 'imports:read',
    label: () => coreText.text.nav.imports,
    keys: 'g i',
    group: 'data',
  },
  {
    id: 'api-keys',
    path: 'api-keys',
    permission: 'api_keys:read',
    label: () => coreText.text.nav.apiKeys,
    keys: 'g k',
    group: 'data',
  },
  {
    id: 'members',
    path: 'members',
    permission: 'tenant_users:read',
    label: () => coreText.text.nav.members,
    keys: 'g m',
    group: 'settings',
  },
  {
    id: 'roles',
    path: 'roles',
    permission: 'roles:read',
    label: () => coreText.text.nav.roles,
    keys: 'g r',
    group: 'settings',
  },
]
