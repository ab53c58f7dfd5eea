// German texts of tasks.

import type en from './messages.en'

export default {
  one: 'Aufgabe',
  many: 'Aufgaben',
  newOne: 'Neue Aufgabe',
  fields: {
    title: 'Titel',
    description: 'Beschreibung',
    status: 'Status',
    priority: 'Dringlichkeit',
    due_at: 'Fällig',
    assigned_to: 'Zuständig',
    entity_type: 'Zu',
    completed_at: 'Erledigt am',
    created_at: 'Angelegt',
    updated_at: 'Geändert',
  },
  status: { open: 'Offen', in_progress: 'In Arbeit', done: 'Erledigt', cancelled: 'Abgebrochen' },
  priority: { low: 'Niedrig', medium: 'Mittel', high: 'Hoch', urgent: 'Dringend' },
  about: {
    lead: 'Lead',
    account: 'Firma',
    contact: 'Kontakt',
    deal: 'Deal',
    customer: 'Kunde',
    product: 'Produkt',
    order: 'Bestellung',
    issue: 'Vorgang',
  },
  done: 'Erledigt',
  reopen: 'Wieder öffnen',
  tomorrow: 'Einen Tag schieben',
  assign: 'Zuweisen',
  isDone: 'Sie ist schon erledigt.',
  isOpen: 'Sie ist offen.',
  hasNoDate: 'Sie hat kein Fälligkeitsdatum.',
  tabs: { open: 'Offen', today: 'Heute fällig', overdue: 'Überfällig', mine: 'Meine', all: 'Alle' },
  openAbout: 'Eintrag öffnen',
} satisfies typeof en
