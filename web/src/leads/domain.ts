// Leads as people see them. Pure.

import type { LeadView } from '../api/generated/lead.schema'
import { fullName } from '../text/format'
import type { Tone } from '../ui/badge'

/** The name of a lead: of the person, else their address, else their company. */
export const leadName = (lead: Partial<LeadView>): string =>
  fullName(lead) || lead.email || lead.phone || lead.company_name || ''

export const STATUS_TONES: Record<LeadView['status'], Tone> = {
  new: 'info',
  contacted: 'accent',
  qualified: 'good',
  unqualified: 'neutral',
  converted: 'good',
}

export function scoreTone(score: number): Tone {
  if (score >= 70) return 'good'
  return score >= 40 ? 'warn' : 'neutral'
}

/** The title that a deal of the lead gets unless another is given. */
export const dealTitle = (lead: Partial<LeadView>): string => lead.company_name || leadName(lead)
