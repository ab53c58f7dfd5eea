// Names of the fields that a column can feed: those of leads, else the API's own word.

import { leadText } from '../leads/messages'

export function leadFieldName(field: string): string {
  const names: Record<string, string> = leadText.text.fields
  return names[field] ?? field.replaceAll('_', ' ')
}
