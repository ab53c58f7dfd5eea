// Names of the tenant's members, where the role may read them.

import { useQuery } from '@tanstack/react-query'

import { call } from '../api/call'
import { listMembers } from '../api/generated/tenant'
import type { TenantUserView } from '../api/generated/tenant.schema'
import { may, me, membership } from '../session/session'
import { coreText } from '../text/core'
import { fullName } from '../text/format'

export type Members = { all: TenantUserView[]; name: (id: string | null | undefined) => string }

export const memberName = (member: TenantUserView): string =>
  fullName(member) || member.email || coreText.text.unknownPerson

const nameFrom =
  (all: TenantUserView[]) =>
  (id: string | null | undefined): string => {
    if (!id) return ''
    const member = all.find((one) => one.user_id === id)
    if (member) return memberName(member)
    return id === me().id ? fullName(me()) || coreText.text.you : coreText.text.unknownPerson
  }

/** The members, or only the person themselves where the role may not read the others. */
export function useMembers(): Members {
  const mayRead = may('tenant_users:read')
  const { data } = useQuery({
    queryKey: [membership().tenant_id, 'members'],
    queryFn: async ({ signal }) => {
      const { results } = await call(listMembers, { query: { page_size: 200, count: 'none' }, signal })
      return { all: results, name: nameFrom(results) }
    },
    enabled: mayRead,
    staleTime: 5 * 60_000,
  })
  return data ?? WITHOUT_OTHERS
}

const WITHOUT_OTHERS: Members = { all: [], name: nameFrom([]) }

/** Members that something can be assigned to. */
export function assignable(members: Members): Array<{ id: string; label: string }> {
  const active = members.all.filter((member) => member.status === 'active')
  if (active.length === 0) return [{ id: me().id, label: fullName(me()) || me().email }]
  return active.map((member) => ({ id: member.user_id, label: memberName(member) }))
}
