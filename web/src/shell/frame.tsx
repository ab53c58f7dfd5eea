// Frame of the app: sidebar, commands of every screen, messages, and the state of the connection.

import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import {
  Building2,
  CircleDollarSign,
  Command as CommandIcon,
  FileUp,
  Keyboard,
  KeyRound,
  ListTodo,
  Menu,
  Settings2,
  ShieldCheck,
  Undo2,
  UserRound,
  Users,
} from 'lucide-react'

import { hrefOf } from '../records/address'
import { may, me, membership, useReached } from '../session/session'
import { coreText } from '../text/core'
import { fullName } from '../text/format'
import { Avatar } from '../ui/badge'
import { Button } from '../ui/button'
import { preloadDialog } from '../ui/dialog'
import { Opening } from '../ui/opening'
import { Picker, preloadPicker } from '../ui/picker'
import { toast, Toasts, undoLast } from '../ui/toast'
import { useCommands } from './commands'
import styles from './frame.module.css'
import { listenToKeys, shown } from './keys'
import { type Place, places } from './places'

const palette = () => import('./palette')
const Palette = lazy(async () => ({ default: (await palette()).Palette }))
const CheatSheet = lazy(async () => ({ default: (await palette()).CheatSheet }))
const Preferences = lazy(async () => ({ default: (await import('./preferences')).Preferences }))

const PRELOAD_AFTER_MS = 300

type Open = 'palette' | 'keys' | 'preferences' | 'tenants' | undefined

const ICONS: Record<string, ReactNode> = {
  leads: <UserRound />,
  deals: <CircleDollarSign />,
  tasks: <ListTodo />,
  accounts: <Building2 />,
  imports: <FileUp />,
  'api-keys': <KeyRound />,
  members: <Users />,
  roles: <ShieldCheck />,
}

export function Frame() {
  const t = coreText.text
  const navigate = useNavigate()
  const pathname = useLocation({ select: (location) => location.pathname })
  const [open, setOpen] = useState<Open>()
  /** The page on which the menu was opened; another page closes it. */
  const [menuAt, setMenuAt] = useState<string>()
  const isMenuOpen = menuAt === pathname
  const tenantButton = useRef<HTMLButtonElement>(null)
  const offered = places.filter((place) => may(place.permission))
  const { memberships } = me()

  useEffect(listenToKeys, [])
  const here = places.find((place) => pathname.startsWith(hrefOf(place.path)))?.label()
  useEffect(() => {
    document.title = here ? `${here} · Leadstream` : 'Leadstream'
  }, [here])
  useEffect(() => {
    // What the first key or click needs is there by then.
    const timer = setTimeout(() => {
      preloadPicker()
      preloadDialog()
      void palette()
    }, PRELOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  useCommands([
    {
      id: 'palette',
      name: t.shell.palette,
      group: t.shell.go,
      keys: 'mod+k',
      icon: <CommandIcon />,
      run: () => setOpen('palette'),
    },
    {
      id: 'keys',
      name: t.shell.keys,
      group: t.shell.go,
      keys: '?',
      icon: <Keyboard />,
      run: () => setOpen('keys'),
    },
    {
      id: 'undo',
      name: t.undo,
      group: t.shell.act,
      keys: 'mod+z',
      icon: <Undo2 />,
      run: async () => {
        if (!(await undoLast())) toast(t.nothingUndo)
      },
    },
    {
      id: 'preferences',
      name: t.shell.account,
      group: t.shell.go,
      icon: <Settings2 />,
      run: () => setOpen('preferences'),
    },
    ...(memberships.length > 1
      ? [
          {
            id: 'tenant',
            name: t.shell.tenant,
            group: t.shell.go,
            icon: <Building2 />,
            run: () => setOpen('tenants'),
          },
        ]
      : []),
    ...offered.map((place) => ({
      id: `go.${place.id}`,
      name: place.label(),
      group: t.shell.go,
      keys: place.keys,
      icon: ICONS[place.id],
      run: () => void navigate({ to: hrefOf(place.path) }),
    })),
  ])

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t.skip}
      </a>
      <header className={styles.top}>
        <Button
          kind="quiet"
          iconOnly
          icon={<Menu />}
          aria-expanded={isMenuOpen}
          onClick={() => setMenuAt(isMenuOpen ? undefined : pathname)}
        >
          {t.shell.menu}
        </Button>
        <span className={styles.topName}>{membership().name}</span>
      </header>
      <nav className={styles.sidebar} data-open={isMenuOpen || undefined} aria-label={t.shell.menu}>
        <button
          ref={tenantButton}
          type="button"
          className={styles.tenant}
          disabled={memberships.length < 2}
          onClick={() => setOpen('tenants')}
        >
          <img src="/app/icon.svg" alt="" width="20" height="20" />
          <span className={styles.tenantName}>{membership().name}</span>
        </button>
        <button type="button" className={styles.find} onClick={() => setOpen('palette')}>
          <span>{t.shell.palette}</span>
          <kbd>{shown('mod+k')}</kbd>
        </button>
        {(['sales', 'data', 'settings'] as const).map((group) => (
          <Group
            key={group}
            name={t.shell[group]}
            places={offered.filter((place) => place.group === group)}
          />
        ))}
        <span className={styles.gap} />
        <button
          type="button"
          className={styles.account}
          onClick={() => setOpen('preferences')}
          title={t.shell.account}
        >
          <Avatar name={fullName(me()) || me().email} />
          <span className={styles.tenantName}>{fullName(me()) || me().email}</span>
        </button>
      </nav>
      <main id="content" className={styles.main} tabIndex={-1}>
        <Connection />
        <Outlet />
      </main>
      <Toasts />
      <Suspense fallback={<Opening />}>
        {open === 'palette' && <Palette onClose={() => setOpen(undefined)} />}
        {open === 'keys' && <CheatSheet onClose={() => setOpen(undefined)} />}
        {open === 'preferences' && <Preferences onClose={() => setOpen(undefined)} />}
      </Suspense>
      {open === 'tenants' && (
        <Picker
          label={t.shell.tenant}
          anchor={tenantButton}
          chosen={[membership().client_id]}
          choices={memberships.map((one) => ({ id: one.client_id, label: one.name }))}
          onChoose={([clientId]) => clientId && location.assign(`/app/t/${clientId}`)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  )
}

function Group({ name, places }: { name: string; places: Place[] }): ReactNode {
  if (places.length === 0) return null
  return (
    <div className={styles.group}>
      <p className={styles.groupName}>{name}</p>
      <ul>
        {places.map((place) => (
          <li key={place.id}>
            <Link
              to={hrefOf(place.path)}
              className={styles.link}
              activeProps={{ 'aria-current': 'page' }}
              preload="intent"
            >
              {ICONS[place.id]}
              {place.label()}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Connection() {
  const isReached = useReached()
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  if (isOnline && isReached) return null
  return (
    <p role="status" className={styles.banner}>
      {coreText.text.offline}
    </p>
  )
}
