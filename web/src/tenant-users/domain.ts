// The reporting tree of members. Pure.

type Member = { id: string; reports_to?: string | null; status: string }

/** The members that one may report to: active ones that do not report to them. */
export function managersFor<One extends Member>(member: Member, all: readonly One[]): One[] {
  const above = (one: Member | undefined): Member | undefined =>
    all.find((other) => other.id === one?.reports_to)
  const isBelow = (one: Member): boolean => {
    const seen = new Set<string>()
    for (let at: Member | undefined = one; at && !seen.has(at.id); at = above(at)) {
      if (at.id === member.id) return true
      seen.add(at.id)
    }
    return false
  }
  return all.filter((one) => !isBelow(one) && (one.status === 'active' || one.id === member.reports_to))
}
