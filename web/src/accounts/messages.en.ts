// English texts of accounts.

export default {
  one: 'Account',
  many: 'Accounts',
  newOne: 'New account',
  fields: {
    name: 'Name',
    website: 'Website',
    industry: 'Industry',
    company_type: 'Type',
    employee_count: 'Employees',
    founded_year: 'Founded',
    location: 'Location',
    contact_email: 'E-mail',
    contact_phone: 'Phone',
    linkedin_url: 'LinkedIn',
    description: 'Description',
    product_id: 'Product',
    last_enriched_at: 'Enriched',
    created_at: 'Created',
  },
  enrichment: 'Enrichment',
  enrichmentKinds: {
    COMPANY_INFO: 'Company facts',
    GENERATE_LEADS: 'People',
    LEAD_LINKEDIN_RESEARCH: 'LinkedIn research',
    CUSTOM_COLUMN: 'Column',
  } as Record<string, string>,
  enrichmentStatus: {
    pending: 'Waiting',
    in_progress: 'Running',
    completed: 'Done',
    skipped: 'Skipped',
    failed: 'Failed',
  },
  people: 'People',
  noPeople: 'No leads belong to this account yet.',
}
