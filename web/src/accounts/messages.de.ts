// German texts of accounts.

import type en from './messages.en'

export default {
  one: 'Firma',
  many: 'Firmen',
  newOne: 'Neue Firma',
  fields: {
    name: 'Name',
    website: 'Website',
    industry: 'Branche',
    company_type: 'Art',
    employee_count: 'Beschäftigte',
    founded_year: 'Gegründet',
    location: 'Ort',
    contact_email: 'E-Mail',
    contact_phone: 'Telefon',
    linkedin_url: 'LinkedIn',
    description: 'Beschreibung',
    product_id: 'Produkt',
    last_enriched_at: 'Angereichert',
    created_at: 'Angelegt',
  },
  enrichment: 'Anreicherung',
  enrichmentKinds: {
    COMPANY_INFO: 'Firmendaten',
    GENERATE_LEADS: 'Personen',
    LEAD_LINKEDIN_RESEARCH: 'LinkedIn-Recherche',
    CUSTOM_COLUMN: 'Spalte',
  },
  enrichmentStatus: {
    pending: 'Wartet',
    in_progress: 'Läuft',
    completed: 'Fertig',
    skipped: 'Übersprungen',
    failed: 'Fehlgeschlagen',
  },
  people: 'Personen',
  noPeople: 'Zu dieser Firma gibt es noch keine Leads.',
} satisfies typeof en
