// Screens of members with their invitations, and of roles.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { UserPlus } from 'lucide-react'

import { call } from '../api/call'
import {
  listInvitations,
  listMembers,
  listRoles,
  removeMember,
  setMemberManager,
  updateMember,
  updateMemberRole,
} from '../api/generated/tenant'
import type { RoleView, TenantUserView } from '../api/generated/tenant.schema'
import { memberName } from '../people/people'
import { keyOf } from '../records/queries'
import { may, me } from '../session/session'
import { useCommands } from '../shell/commands'
import { coreText } from '../text/core'
import { date } from '../text/format'
import { Badge, Person } from '../ui/badge'
import { Button } from '../ui/button'
import { Dialog, DialogActions } from '../ui/dialog'
import { Screen } from '../ui/screen'
import { Failed, Waiting } from '../ui/states'
import { Table, type TableColumn } from '../ui/table'
import { toast, toastFailure } from '../ui/toast'
import { Invitations, InviteDialog } from './invitations'
import { memberText } from './messages'
import { managersFor } from './domain'
import styles from './screens.module.css'

const membersKey = () => keyOf('tenant-users', 'list')
const rolesKey = () => keyOf('roles', 'list')

export const useRoles = () =>
  useQuery({
    queryKey: rolesKey(),
    queryFn: ({ signal }) =>
      call(listRoles, { query: { page_size: 200, count: 'none', ordering: '-level' }, signal }),
    enabled: may('roles:read'),
  })

export function Members() {
  const client = useQueryClient()
  const [isInviting, setInviting] = useState(false)
  const [removing, setRemoving] = useState<TenantUserView>()
  const t = memberText.text
  const mayUpdate = may('tenant_users:update')
  const query = useQuery({
    queryKey: membersKey(),
    queryFn: ({ signal }) => call(listMembers, { query: { page_size: 200, count: 'none' }, signal }),
  })
  const invitations = useQuery({
    queryKey: keyOf('invitations', 'list'),
    queryFn: ({ signal }) =>
      call(listInvitations, { query: { page_size: 200, count: 'none', ordering: '-created_at' }, signal }),
  })
  const roles = useRoles()
  useCommands([
    {
      id: 'members.invite',
      name: t.inviteOne,
      group: t.members,
      keys: 'c',
      icon: <UserPlus />,
      permission: 'tenant_users:invite',
      run: () => setInviting(true),
    },
  ])

  const change = async (
    what: string,
    work: () => Promise<unknown>,
    undo?: () => Promise<unknown>,
  ): Promise<void> => {
    const again = () => client.invalidateQueries({ queryKey: membersKey() })
    try {
      await work()
      toast(
        t.changed(what),
        undo &&
          (async () => {
            await undo()
            await again()
          }),
      )
    } catch (error) {
      toastFailure(error)
    }
    await again()
  }

  const members = query.data?.results ?? []
  const isSelf = (member: TenantUserView): boolean => member.user_id === me().id
  const columns: TableColumn<TenantUserView>[] = [
    { key: 'name', label: t.name, cell: (member) => <Person name={memberName(member)} /> },
    { key: 'email', label: t.email, cell: (member) => member.email },
    {
      key: 'role',
      label: t.role,
      cell: (member) =>
        mayUpdate && roles.data && !isSelf(member) ? (
          <select
            className={styles.select}
            aria-label={`${t.role}: ${memberName(member)}`}
            value={member.role}
            onChange={(event) => {
              const set = (role: string) =>
                call(updateMemberRole, { params: { id: member.id }, body: { role } })
              const role = event.target.value
              void change(
                t.role,
                () => set(role),
                () => set(member.role),
              )
            }}
          >
            {roles.data.results.map((role) => (
              <option key={role.id} value={role.name}>
                {role.name}
              </option>
            ))}
          </select>
        ) : (
          member.role
        ),
    },
    { key: 'scope', label: t.scope, cell: (member) => t.scopes[member.data_scope] },
    {
      key: 'reports',
      label: t.reportsTo,
      cell: (member) => {
        const above = members.find((one) => one.id === member.reports_to)
        if (!mayUpdate) return above ? memberName(above) : ''
        const set = (id: string | null) =>
          call(setMemberManager, { params: { id: member.id }, body: { membership_id: id } })
        return (
          <select
            className={styles.select}
            aria-label={`${t.reportsTo}: ${memberName(member)}`}
            value={member.reports_to ?? ''}
            onChange={(event) => {
              const id = event.target.value || null
              void change(
                t.reportsTo,
                () => set(id),
                () => set(member.reports_to ?? null),
              )
            }}
          >
            <option value="">{t.top}</option>
            {managersFor(member, members).map((one) => (
              <option key={one.id} value={one.id}>
                {memberName(one)}
              </option>
            ))}
          </select>
        )
      },
    },
    {
      key: 'status',
      label: t.status,
      cell: (member) => (
        <Badge tone={member.status === 'active' ? 'good' : 'neutral'}>{t.states[member.status]}</Badge>
      ),
    },
    { key: 'joined', label: t.joined, cell: (member) => date(member.joined_at) },
    {
      key: 'actions',
      label: t.actions,
      isAction: true,
      align: 'end',
      cell: (member) => {
        if (!mayUpdate || isSelf(member)) return null
        const isActive = member.status === 'active'
        const set = (status: TenantUserView['status']) =>
          call(updateMember, { params: { id: member.id }, body: { status } })
        const name = isActive ? t.suspend : t.activate
        return (
          <span className={styles.actions}>
            <Button
              kind="quiet"
              aria-label={`${name}: ${memberName(member)}`}
              onClick={() =>
                void change(
                  t.status,
                  () => set(isActive ? 'inactive' : 'active'),
                  () => set(member.status),
                )
              }
            >
              {name}
            </Button>
            <Button
              kind="quiet"
              aria-label={`${t.remove}: ${memberName(member)}`}
              onClick={() => setRemoving(member)}
            >
              {t.remove}
            </Button>
          </span>
        )
      },
    },
  ]
  return (
    <Screen
      title={t.members}
      actions={
        may('tenant_users:invite') && (
          <Button kind="primary" icon={<UserPlus />} onClick={() => setInviting(true)}>
            {t.invite}
          </Button>
        )
      }
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Table label={t.members} columns={columns} rows={members} />
      )}
      <Invitations query={invitations} />
      {isInviting && (
        <InviteDialog
          roles={roles.data?.results ?? []}
          onClose={() => setInviting(false)}
          onInvited={() => void client.invalidateQueries({ queryKey: keyOf('invitations', 'list') })}
        />
      )}
      {removing && (
        <Dialog title={`${t.remove}: ${memberName(removing)}`} onClose={() => setRemoving(undefined)} urgent>
          <p>{t.removeAbout}</p>
          <DialogActions>
            <Button onClick={() => setRemoving(undefined)}>{coreText.text.cancel}</Button>
            <Button
              kind="danger"
              onClick={() => {
                setRemoving(undefined)
                void change(memberName(removing), () => call(removeMember, { params: { id: removing.id } }))
              }}
            >
              {t.remove}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Screen>
  )
}

export function Roles() {
  const t = memberText.text
  const roles = useRoles()
  const [search, setSearch] = useState('')
  if (roles.isPending) return <Waiting />
  if (roles.isError) return <Failed error={roles.error} onRetry={() => void roles.refetch()} />
  const { results } = roles.data
  const codes = [...new Set(results.flatMap((role) => role.permissions))]
    .filter((code) => code.includes(search.trim().toLowerCase()))
    .toSorted()
    .map((code) => ({ id: code }))
  const columns: TableColumn<{ id: string }>[] = [
    { key: 'code', label: t.permission, cell: (row) => <code>{row.id}</code> },
    ...results.map((role: RoleView) => ({
      key: role.id,
      label: role.name,
      cell: (row: { id: string }) =>
        role.permissions.includes(row.id) ? (
          <span role="img" aria-label={t.allowed}>
            ✓
          </span>
        ) : null,
    })),
  ]
  const summary: TableColumn<RoleView>[] = [
    { key: 'name', label: t.role, cell: (role) => role.name },
    { key: 'kind', label: t.status, cell: (role) => <Badge>{role.is_system ? t.system : t.own}</Badge> },
    { key: 'scope', label: t.scope, cell: (role) => t.scopes[role.data_scope] },
    { key: 'count', label: t.permission, cell: (role) => t.permissions(role.permissions.length) },
    { key: 'about', label: t.name, cell: (role) => role.description },
  ]
  return (
    <Screen title={t.roles}>
      <Table label={t.roles} columns={summary} rows={results} />
      <div className={styles.matrixHead}>
        <h2>{t.matrix}</h2>
        <input
          type="search"
          className={styles.select}
          aria-label={t.search}
          placeholder={t.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <Table label={t.matrix} columns={columns} rows={codes} />
    </Screen>
  )
}
