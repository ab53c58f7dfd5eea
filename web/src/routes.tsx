// Every route of the app, its permission, what it loads, and its place in the sidebar.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'

import { accountText } from './accounts/messages'
import { apiKeyText } from './api-keys/messages'
import { Problem } from './api/problem'
import { dealText } from './deals/messages'
import { importText } from './imports/messages'
import { leadText } from './leads/messages'
import { begin, enterTenant, may, me, safeNext } from './session/session'
import { places } from './shell/places'
import { signInText } from './sign-in/messages'
import { taskText } from './tasks/messages'
import { memberText } from './tenant-users/messages'
import type { Catalog } from './text/catalog'
import { coreText } from './text/core'
import { Empty, Failed } from './ui/states'
import { parseSearch, type Search, stringifySearch } from './views/view'

const forbidden = (permission: string): Problem =>
  new Problem(403, { code: 'permission_denied', detail: `${coreText.text.notAllowed}: ${permission}` })

const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <Failed error={error} onRetry={() => void router.invalidate()} />,
  notFoundComponent: () => <Empty title={coreText.text.shell.pageMissing} />,
  validateSearch: (search: Search): Search => search,
})

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async () => {
    const session = await begin()
    if (session.state !== 'in') throw redirect({ to: '/sign-in' })
    const [first] = me().memberships
    if (first) throw redirect({ to: '/t/$tenant', params: { tenant: first.client_id } })
  },
  component: () => <Empty title={coreText.text.shell.noTenant} />,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  beforeLoad: async ({ search }) => {
    const session = await begin()
    if (session.state === 'in') throw redirect({ href: safeNext(search.next) ?? '/' })
  },
  loader: () => signInText.load(),
  component: lazyRouteComponent(() => import('./sign-in/screen'), 'SignInScreen'),
})

const tenantRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/t/$tenant',
  beforeLoad: async ({ params, location }) => {
    const session = await begin()
    if (session.state !== 'in') throw redirect({ to: '/sign-in', search: { next: `/app${location.href}` } })
    if (!enterTenant(params.tenant))
      throw new Problem(404, { code: 'tenant_not_found', detail: params.tenant })
  },
  component: lazyRouteComponent(() => import('./shell/frame'), 'Frame'),
})

const tenantHome = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    const first = places.find((place) => may(place.permission))
    if (first) throw redirect({ href: `/t/${params.tenant}/${first.path}` })
  },
  component: () => <Empty title={coreText.text.shell.noScreens} />,
})

/** A screen below the tenant: who may see it, and the texts it needs. */
const shared = (permission: string, ...texts: Array<Catalog<unknown>>) => ({
  getParentRoute: () => tenantRoute,
  beforeLoad: () => {
    if (!may(permission)) throw forbidden(permission)
  },
  loader: () => Promise.all(texts.map((text) => text.load())),
})

const leads = () => import('./leads/screens')
const accounts = () => import('./accounts/screens')
const tasks = () => import('./tasks/screens')
const deals = () => import('./deals/screens')
const imports = () => import('./imports/screens')
const members = () => import('./tenant-users/screens')

const screens = [
  createRoute({
    ...shared('leads:read', leadText, taskText),
    path: 'leads',
    component: lazyRouteComponent(leads, 'LeadList'),
  }),
  createRoute({
    ...shared('leads:read', leadText, taskText),
    path: 'leads/$id',
    component: lazyRouteComponent(leads, 'LeadPage'),
  }),
  createRoute({
    ...shared('deals:read', dealText, taskText),
    path: 'deals',
    component: lazyRouteComponent(deals, 'Deals'),
  }),
  createRoute({
    ...shared('deals:read', dealText, taskText),
    path: 'deals/$id',
    component: lazyRouteComponent(deals, 'DealPage'),
  }),
  createRoute({
    ...shared('tasks:read', taskText),
    path: 'tasks',
    component: lazyRouteComponent(tasks, 'TaskList'),
  }),
  createRoute({
    ...shared('tasks:read', taskText),
    path: 'tasks/$id',
    component: lazyRouteComponent(tasks, 'TaskPage'),
  }),
  createRoute({
    ...shared('accounts:read', accountText, taskText),
    path: 'accounts',
    component: lazyRouteComponent(accounts, 'AccountList'),
  }),
  createRoute({
    ...shared('accounts:read', accountText, taskText),
    path: 'accounts/$id',
    component: lazyRouteComponent(accounts, 'AccountPage'),
  }),
  createRoute({
    ...shared('imports:read', importText, leadText),
    path: 'imports',
    component: lazyRouteComponent(imports, 'ImportList'),
  }),
  createRoute({
    ...shared('imports:read', importText, leadText),
    path: 'imports/$id',
    component: lazyRouteComponent(imports, 'ImportPage'),
  }),
  createRoute({
    ...shared('api_keys:read', apiKeyText),
    path: 'api-keys',
    component: lazyRouteComponent(() => import('./api-keys/screens'), 'ApiKeys'),
  }),
  createRoute({
    ...shared('tenant_users:read', memberText),
    path: 'members',
    component: lazyRouteComponent(members, 'Members'),
  }),
  createRoute({
    ...shared('roles:read', memberText),
    path: 'roles',
    component: lazyRouteComponent(members, 'Roles'),
  }),
]

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    signInRoute,
    tenantRoute.addChildren([tenantHome, ...screens]),
  ]),
  basepath: '/app',
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => <Failed error={error} onRetry={() => void router.invalidate()} />,
  defaultNotFoundComponent: () => <Empty title={coreText.text.shell.pageMissing} />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
