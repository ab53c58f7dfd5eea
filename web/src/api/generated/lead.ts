// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './lead.schema'
/** Submit a lead. */
export const submitLead: Operation<never, undefined, S.SubmitLeadBody, S.IngestView> = { method: 'POST', path: '/api/leads/ingest' }
/** Submit up to 1,000 leads. */
export const submitLeads: Operation<never, undefined, S.IngestBatch, S.BatchView> = { method: 'POST', path: '/api/leads/ingest/batch' }
/** Check an address. */
export const checkLeadAddress: Operation<'address_token', undefined, undefined, S.AddressHint> = { method: 'GET', path: '/api/leads/ingest/{address_token}' }
/** Submit a lead to an address. */
export const submitLeadToAddress: Operation<'address_token', undefined, S.SubmitLeadToAddressBody, S.IngestView> = { method: 'POST', path: '/api/leads/ingest/{address_token}' }
export const listAccountsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], product_id: ['eq', 'in', 'isnull'], website: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], linkedin_url: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], industry: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], location: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], employee_count: ['eq', 'in', 'gte', 'lte', 'isnull'], company_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], founded_year: ['eq', 'in', 'gte', 'lte', 'isnull'], contact_email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_enriched_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'product_id', 'website', 'linkedin_url', 'industry', 'location', 'employee_count', 'company_type', 'founded_year', 'contact_email', 'last_enriched_at', 'created_by', 'created_at', 'updated_at'], fields: ['company_type', 'competitors', 'contact_email', 'contact_phone', 'created_at', 'created_by', 'custom_fields', 'customers', 'description', 'employee_count', 'enrichment_sources', 'founded_year', 'full_technology_profile', 'funding_details', 'id', 'industry', 'last_enriched_at', 'linkedin_url', 'location', 'logo_url', 'name', 'product_id', 'recent_events', 'settings', 'social_links', 'technologies', 'updated_at', 'version', 'website'] } as const
/** List accounts. */
export const listAccounts: Operation<never, ListQuery<typeof listAccountsListing>, undefined, ListOf<S.AccountView>> = { method: 'GET', path: '/api/v2/accounts', permission: 'accounts:read' }
/** Create an account. */
export const createAccount: Operation<never, undefined, S.WriteAccount, S.Shown_NewAccountView> = { method: 'POST', path: '/api/v2/accounts', permission: 'accounts:create' }
/** Create up to 1,000 accounts. */
export const bulkCreateAccounts: Operation<never, undefined, S.BulkCreate_WriteAccount, S.BulkView_NewAccountView> = { method: 'POST', path: '/api/v2/accounts/bulk_create', permission: 'accounts:create' }
/** Delete an account. */
export const deleteAccount: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/accounts/{id}', permission: 'accounts:delete' }
/** Get an account. */
export const getAccount: Operation<'id', { fields?: Array<'company_type' | 'competitors' | 'contact_email' | 'contact_phone' | 'created_at' | 'created_by' | 'custom_fields' | 'customers' | 'description' | 'employee_count' | 'enrichment_sources' | 'founded_year' | 'full_technology_profile' | 'funding_details' | 'id' | 'industry' | 'last_enriched_at' | 'linkedin_url' | 'location' | 'logo_url' | 'name' | 'product_id' | 'recent_events' | 'settings' | 'social_links' | 'technologies' | 'updated_at' | 'version' | 'website'> }, undefined, S.AccountView> = { method: 'GET', path: '/api/v2/accounts/{id}', permission: 'accounts:read' }
/** Update an account. */
export const updateAccount: Operation<'id', undefined, S.WriteAccountPatch, S.Shown_AccountView> = { method: 'PATCH', path: '/api/v2/accounts/{id}', permission: 'accounts:update' }
/** Replace an account. */
export const replaceAccount: Operation<'id', undefined, S.WriteAccount, S.Shown_AccountView> = { method: 'PUT', path: '/api/v2/accounts/{id}', permission: 'accounts:update' }
/** Enrich an account. */
export const enrichAccount: Operation<'id', undefined, undefined, S.EnrichmentStarted> = { method: 'POST', path: '/api/v2/accounts/{id}/enrich', permission: 'accounts:update' }
/** Get the enrichment status of an account. */
export const getAccountEnrichment: Operation<'id', undefined, undefined, S.AccountEnrichmentView> = { method: 'GET', path: '/api/v2/accounts/{id}/enrichment', permission: 'accounts:read' }
/** Accept a candidate for a field of an account. */
export const acceptAccountCandidate: Operation<'id' | 'field', undefined, S.AcceptCandidate, S.FieldProvenance> = { method: 'POST', path: '/api/v2/accounts/{id}/fields/{field}/accept', permission: 'accounts:update' }
/** Pin a field of an account. */
export const pinAccountField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/accounts/{id}/fields/{field}/pin', permission: 'accounts:update' }
/** Revert a field of an account. */
export const revertAccountField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/accounts/{id}/fields/{field}/revert', permission: 'accounts:update' }
/** Unpin a field of an account. */
export const unpinAccountField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/accounts/{id}/fields/{field}/unpin', permission: 'accounts:update' }
/** Get where an account's values came from. */
export const getAccountProvenance: Operation<'id', undefined, undefined, S.ProvenanceView> = { method: 'GET', path: '/api/v2/accounts/{id}/provenance', permission: 'accounts:read' }
/** Restore a deleted account. */
export const restoreAccount: Operation<'id', undefined, undefined, S.Shown_AccountView> = { method: 'POST', path: '/api/v2/accounts/{id}/restore', permission: 'accounts:delete' }
/** Get the timeline of an account. */
export const getAccountTimeline: Operation<'id', { cursor?: string; page_size?: number }, undefined, S.CursorPage_EntryView> = { method: 'GET', path: '/api/v2/accounts/{id}/timeline', permission: 'accounts:read' }
export const listActivitiesListing = { filters: { id: ['eq', 'in', 'isnull'], lead_id: ['eq', 'in', 'isnull'], deal_id: ['eq', 'in', 'isnull'], contact_id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], activity_type: ['eq', 'in', 'isnull'], subject: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], scheduled_at: ['eq', 'in', 'gte', 'lte', 'isnull'], completed: ['eq', 'in', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'lead_id', 'deal_id', 'contact_id', 'account_id', 'activity_type', 'subject', 'scheduled_at', 'completed', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['account_id', 'activity_type', 'assigned_to', 'completed', 'contact_id', 'created_at', 'created_by', 'deal_id', 'description', 'id', 'lead_id', 'scheduled_at', 'subject', 'updated_at', 'version'] } as const
/** List activities. */
export const listActivities: Operation<never, ListQuery<typeof listActivitiesListing>, undefined, ListOf<S.ActivityView>> = { method: 'GET', path: '/api/v2/activities', permission: 'activities:read' }
/** Create an activity. */
export const createActivity: Operation<never, undefined, S.WriteActivity, S.Shown_ActivityView> = { method: 'POST', path: '/api/v2/activities', permission: 'activities:create' }
/** Delete an activity. */
export const deleteActivity: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/activities/{id}', permission: 'activities:delete' }
/** Get an activity. */
export const getActivity: Operation<'id', { fields?: Array<'account_id' | 'activity_type' | 'assigned_to' | 'completed' | 'contact_id' | 'created_at' | 'created_by' | 'deal_id' | 'description' | 'id' | 'lead_id' | 'scheduled_at' | 'subject' | 'updated_at' | 'version'> }, undefined, S.ActivityView> = { method: 'GET', path: '/api/v2/activities/{id}', permission: 'activities:read' }
/** Update an activity. */
export const updateActivity: Operation<'id', undefined, S.WriteActivityPatch, S.Shown_ActivityView> = { method: 'PATCH', path: '/api/v2/activities/{id}', permission: 'activities:update' }
/** Replace an activity. */
export const replaceActivity: Operation<'id', undefined, S.WriteActivity, S.Shown_ActivityView> = { method: 'PUT', path: '/api/v2/activities/{id}', permission: 'activities:update' }
/** Restore a deleted activity. */
export const restoreActivity: Operation<'id', undefined, undefined, S.Shown_ActivityView> = { method: 'POST', path: '/api/v2/activities/{id}/restore', permission: 'activities:delete' }
export const listApiKeysListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], kind: ['eq', 'in', 'isnull'], prefix: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], duplicate_policy: ['eq', 'in', 'isnull'], strict: ['eq', 'in', 'isnull'], expires_at: ['eq', 'in', 'gte', 'lte', 'isnull'], last_used_at: ['eq', 'in', 'gte', 'lte', 'isnull'], revoked_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'kind', 'prefix', 'duplicate_policy', 'strict', 'expires_at', 'last_used_at', 'revoked_at', 'created_by', 'created_at', 'updated_at'], fields: ['address_made_at', 'allowed_origins', 'created_at', 'created_by', 'duplicate_policy', 'expires_at', 'id', 'kind', 'last_used_at', 'name', 'prefix', 'rate_limit', 'revoked_at', 'scopes', 'strict', 'updated_at', 'use_count', 'version'] } as const
/** List API keys. */
export const listApiKeys: Operation<never, ListQuery<typeof listApiKeysListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ApiKeyView> }> = { method: 'GET', path: '/api/v2/api-keys', permission: 'api_keys:read' }
/** Create an API key. */
export const createApiKey: Operation<never, undefined, S.WriteApiKey, S.NewApiKeyView> = { method: 'POST', path: '/api/v2/api-keys', permission: 'api_keys:create' }
/** Delete an API key. */
export const deleteApiKey: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/api-keys/{id}', permission: 'api_keys:delete' }
/** Get an API key. */
export const getApiKey: Operation<'id', undefined, undefined, S.ApiKeyView> = { method: 'GET', path: '/api/v2/api-keys/{id}', permission: 'api_keys:read' }
/** Update an API key. */
export const updateApiKey: Operation<'id', undefined, S.WriteApiKeyPatch, S.Shown_ApiKeyView> = { method: 'PATCH', path: '/api/v2/api-keys/{id}', permission: 'api_keys:update' }
/** Revoke the address of an API key. */
export const revokeApiKeyAddress: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/api-keys/{id}/address', permission: 'api_keys:update' }
/** Create the address of an API key. */
export const createApiKeyAddress: Operation<'id', undefined, undefined, S.AddressView> = { method: 'POST', path: '/api/v2/api-keys/{id}/address', permission: 'api_keys:update' }
/** Delete the form mapping of an API key. */
export const deleteFormMapping: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/api-keys/{id}/form_mapping', permission: 'api_keys:update' }
/** Get the form mapping of an API key. */
export const getFormMapping: Operation<'id', undefined, undefined, S.FormMappingView> = { method: 'GET', path: '/api/v2/api-keys/{id}/form_mapping', permission: 'api_keys:read' }
/** Set the form mapping of an API key. */
export const setFormMapping: Operation<'id', undefined, S.WriteFormMapping, S.Shown_FormMappingView> = { method: 'PUT', path: '/api/v2/api-keys/{id}/form_mapping', permission: 'api_keys:update' }
/** Test a form mapping. */
export const testFormMapping: Operation<'id', undefined, S.DryRun, S.DryRunView> = { method: 'POST', path: '/api/v2/api-keys/{id}/form_mapping/dry_run', permission: 'api_keys:read' }
/** Revoke an API key. */
export const revokeApiKey: Operation<'id', undefined, undefined, S.Shown_ApiKeyView> = { method: 'POST', path: '/api/v2/api-keys/{id}/revoke', permission: 'api_keys:update' }
/** Rotate an API key. */
export const rotateApiKey: Operation<'id', undefined, undefined, S.NewApiKeyView> = { method: 'POST', path: '/api/v2/api-keys/{id}/rotate', permission: 'api_keys:update' }
export const listAssignmentRulesListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], position: ['eq', 'in', 'gte', 'lte', 'isnull'], enabled: ['eq', 'in', 'isnull'], catch_all: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'position', 'enabled', 'catch_all', 'created_by', 'created_at', 'updated_at'], fields: ['action', 'catch_all', 'conditions', 'created_at', 'created_by', 'enabled', 'fall_through', 'id', 'name', 'position', 'updated_at', 'version'] } as const
/** List assignment rules. */
export const listAssignmentRules: Operation<never, ListQuery<typeof listAssignmentRulesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.AssignmentRuleView> }> = { method: 'GET', path: '/api/v2/assignment-rules', permission: 'assignment_rules:read' }
/** Create an assignment rule. */
export const createAssignmentRule: Operation<never, undefined, S.WriteAssignmentRule, S.Shown_AssignmentRuleView> = { method: 'POST', path: '/api/v2/assignment-rules', permission: 'assignment_rules:manage' }
/** Reorder the assignment rules. */
export const reorderAssignmentRules: Operation<never, undefined, S.ReorderRules, S.OrderedRules> = { method: 'POST', path: '/api/v2/assignment-rules/reorder', permission: 'assignment_rules:manage' }
/** Simulate the assignment of a lead. */
export const simulateAssignment: Operation<never, undefined, S.SimulateAssignment, S.SimulatedAssignment> = { method: 'POST', path: '/api/v2/assignment-rules/simulate', permission: 'assignment_rules:read' }
/** Delete an assignment rule. */
export const deleteAssignmentRule: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/assignment-rules/{id}', permission: 'assignment_rules:manage' }
/** Get an assignment rule. */
export const getAssignmentRule: Operation<'id', { fields?: Array<'action' | 'catch_all' | 'conditions' | 'created_at' | 'created_by' | 'enabled' | 'fall_through' | 'id' | 'name' | 'position' | 'updated_at' | 'version'> }, undefined, S.AssignmentRuleView> = { method: 'GET', path: '/api/v2/assignment-rules/{id}', permission: 'assignment_rules:read' }
/** Update an assignment rule. */
export const updateAssignmentRule: Operation<'id', undefined, S.WriteAssignmentRulePatch, S.Shown_AssignmentRuleView> = { method: 'PATCH', path: '/api/v2/assignment-rules/{id}', permission: 'assignment_rules:manage' }
/** Replace an assignment rule. */
export const replaceAssignmentRule: Operation<'id', undefined, S.WriteAssignmentRule, S.Shown_AssignmentRuleView> = { method: 'PUT', path: '/api/v2/assignment-rules/{id}', permission: 'assignment_rules:manage' }
/** Restore a deleted assignment rule. */
export const restoreAssignmentRule: Operation<'id', undefined, undefined, S.Shown_AssignmentRuleView> = { method: 'POST', path: '/api/v2/assignment-rules/{id}/restore', permission: 'assignment_rules:manage' }
export const listContactsListing = { filters: { id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], lead_id: ['eq', 'in', 'isnull'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], role_title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], linkedin_url: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'account_id', 'lead_id', 'first_name', 'last_name', 'email', 'phone', 'role_title', 'linkedin_url', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['account_id', 'assigned_to', 'created_at', 'created_by', 'custom_fields', 'email', 'first_name', 'id', 'last_name', 'lead_id', 'linkedin_url', 'notes', 'phone', 'role_title', 'updated_at', 'version'] } as const
/** List contacts. */
export const listContacts: Operation<never, ListQuery<typeof listContactsListing>, undefined, ListOf<S.ContactView>> = { method: 'GET', path: '/api/v2/contacts', permission: 'contacts:read' }
/** Create a contact. */
export const createContact: Operation<never, { allow_duplicate?: boolean }, S.WriteContact, S.Shown_ContactView> = { method: 'POST', path: '/api/v2/contacts', permission: 'contacts:create' }
/** Delete a contact. */
export const deleteContact: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/contacts/{id}', permission: 'contacts:delete' }
/** Get a contact. */
export const getContact: Operation<'id', { fields?: Array<'account_id' | 'assigned_to' | 'created_at' | 'created_by' | 'custom_fields' | 'email' | 'first_name' | 'id' | 'last_name' | 'lead_id' | 'linkedin_url' | 'notes' | 'phone' | 'role_title' | 'updated_at' | 'version'> }, undefined, S.ContactView> = { method: 'GET', path: '/api/v2/contacts/{id}', permission: 'contacts:read' }
/** Update a contact. */
export const updateContact: Operation<'id', undefined, S.WriteContactPatch, S.Shown_ContactView> = { method: 'PATCH', path: '/api/v2/contacts/{id}', permission: 'contacts:update' }
/** Replace a contact. */
export const replaceContact: Operation<'id', undefined, S.WriteContact, S.Shown_ContactView> = { method: 'PUT', path: '/api/v2/contacts/{id}', permission: 'contacts:update' }
/** Restore a deleted contact. */
export const restoreContact: Operation<'id', undefined, undefined, S.Shown_ContactView> = { method: 'POST', path: '/api/v2/contacts/{id}/restore', permission: 'contacts:delete' }
/** Get the timeline of a contact. */
export const getContactTimeline: Operation<'id', { cursor?: string; page_size?: number }, undefined, S.CursorPage_EntryView> = { method: 'GET', path: '/api/v2/contacts/{id}/timeline', permission: 'contacts:read' }
export const listCustomerInteractionsListing = { filters: { id: ['eq', 'in', 'isnull'], customer_id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], interaction_type: ['eq', 'in', 'isnull'], subject: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], sentiment: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'customer_id', 'user_id', 'interaction_type', 'subject', 'sentiment', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'customer_id', 'description', 'id', 'interaction_type', 'sentiment', 'subject', 'updated_at', 'user_id', 'version'] } as const
/** List customer interactions. */
export const listCustomerInteractions: Operation<never, ListQuery<typeof listCustomerInteractionsListing>, undefined, ListOf<S.InteractionView>> = { method: 'GET', path: '/api/v2/customer-interactions', permission: 'customers:read' }
/** Create a customer interaction. */
export const createCustomerInteraction: Operation<never, undefined, S.WriteInteraction, S.Shown_InteractionView> = { method: 'POST', path: '/api/v2/customer-interactions', permission: 'customers:create' }
/** Delete a customer interaction. */
export const deleteCustomerInteraction: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/customer-interactions/{id}', permission: 'customers:delete' }
/** Get a customer interaction. */
export const getCustomerInteraction: Operation<'id', { fields?: Array<'created_at' | 'created_by' | 'customer_id' | 'description' | 'id' | 'interaction_type' | 'sentiment' | 'subject' | 'updated_at' | 'user_id' | 'version'> }, undefined, S.InteractionView> = { method: 'GET', path: '/api/v2/customer-interactions/{id}', permission: 'customers:read' }
/** Update a customer interaction. */
export const updateCustomerInteraction: Operation<'id', undefined, S.WriteInteractionPatch, S.Shown_InteractionView> = { method: 'PATCH', path: '/api/v2/customer-interactions/{id}', permission: 'customers:update' }
/** Replace a customer interaction. */
export const replaceCustomerInteraction: Operation<'id', undefined, S.WriteInteraction, S.Shown_InteractionView> = { method: 'PUT', path: '/api/v2/customer-interactions/{id}', permission: 'customers:update' }
/** Restore a deleted customer interaction. */
export const restoreCustomerInteraction: Operation<'id', undefined, undefined, S.Shown_InteractionView> = { method: 'POST', path: '/api/v2/customer-interactions/{id}/restore', permission: 'customers:delete' }
export const listCustomerSegmentsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'criteria', 'description', 'id', 'member_count', 'name', 'updated_at', 'version'] } as const
/** List customer segments. */
export const listCustomerSegments: Operation<never, ListQuery<typeof listCustomerSegmentsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.SegmentView> }> = { method: 'GET', path: '/api/v2/customer-segments', permission: 'customers:read' }
/** Create a customer segment. */
export const createCustomerSegment: Operation<never, undefined, S.WriteSegment, S.Shown_SegmentView> = { method: 'POST', path: '/api/v2/customer-segments', permission: 'customers:create' }
/** Delete a customer segment. */
export const deleteCustomerSegment: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/customer-segments/{id}', permission: 'customers:delete' }
/** Get a customer segment. */
export const getCustomerSegment: Operation<'id', { fields?: Array<'created_at' | 'created_by' | 'criteria' | 'description' | 'id' | 'member_count' | 'name' | 'updated_at' | 'version'> }, undefined, S.SegmentView> = { method: 'GET', path: '/api/v2/customer-segments/{id}', permission: 'customers:read' }
/** Update a customer segment. */
export const updateCustomerSegment: Operation<'id', undefined, S.WriteSegmentPatch, S.Shown_SegmentView> = { method: 'PATCH', path: '/api/v2/customer-segments/{id}', permission: 'customers:update' }
/** Replace a customer segment. */
export const replaceCustomerSegment: Operation<'id', undefined, S.WriteSegment, S.Shown_SegmentView> = { method: 'PUT', path: '/api/v2/customer-segments/{id}', permission: 'customers:update' }
export const listCustomerSegmentMembersListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], company_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], city: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], country: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], user_id: ['eq', 'in', 'isnull'], verified: ['eq', 'in', 'isnull'], verified_at: ['eq', 'in', 'gte', 'lte', 'isnull'], customer_since: ['eq', 'in', 'gte', 'lte', 'isnull'], customer_status: ['eq', 'in', 'isnull'], stage: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], account_manager_id: ['eq', 'in', 'isnull'], customer_type: ['eq', 'in', 'isnull'], company_size: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], industry: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], annual_revenue: ['eq', 'in', 'gte', 'lte', 'isnull'], lifetime_value: ['eq', 'in', 'gte', 'lte', 'isnull'], total_orders: ['eq', 'in', 'gte', 'lte', 'isnull'], last_order_date: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'first_name', 'last_name', 'email', 'phone', 'company_name', 'city', 'country', 'user_id', 'verified', 'verified_at', 'customer_since', 'customer_status', 'stage', 'account_manager_id', 'customer_type', 'company_size', 'industry', 'annual_revenue', 'lifetime_value', 'total_orders', 'last_order_date', 'created_by', 'created_at', 'updated_at'], fields: ['account_manager_id', 'address', 'annual_revenue', 'city', 'company_name', 'company_size', 'country', 'created_at', 'created_by', 'custom_fields', 'customer_since', 'customer_status', 'customer_type', 'email', 'first_name', 'id', 'industry', 'last_name', 'last_order_date', 'lifetime_value', 'lifetime_values', 'name', 'notes', 'phone', 'preferences', 'stage', 'tags', 'total_orders', 'updated_at', 'user_id', 'verified', 'verified_at', 'version'] } as const
/** List the members of a customer segment. */
export const listCustomerSegmentMembers: Operation<'id', ListQuery<typeof listCustomerSegmentMembersListing>, undefined, ListOf<S.CustomerView>> = { method: 'GET', path: '/api/v2/customer-segments/{id}/members', permission: 'customers:read' }
/** Restore a deleted customer segment. */
export const restoreCustomerSegment: Operation<'id', undefined, undefined, S.Shown_SegmentView> = { method: 'POST', path: '/api/v2/customer-segments/{id}/restore', permission: 'customers:delete' }
export const listCustomerTagsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], color: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'color', 'created_by', 'created_at', 'updated_at'], fields: ['color', 'created_at', 'created_by', 'id', 'name', 'updated_at', 'version'] } as const
/** List customer tags. */
export const listCustomerTags: Operation<never, ListQuery<typeof listCustomerTagsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.TagView> }> = { method: 'GET', path: '/api/v2/customer-tags', permission: 'customers:read' }
/** Create a customer tag. */
export const createCustomerTag: Operation<never, undefined, S.WriteTag, S.Shown_TagView> = { method: 'POST', path: '/api/v2/customer-tags', permission: 'customers:create' }
/** Delete a customer tag. */
export const deleteCustomerTag: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/customer-tags/{id}', permission: 'customers:delete' }
/** Get a customer tag. */
export const getCustomerTag: Operation<'id', { fields?: Array<'color' | 'created_at' | 'created_by' | 'id' | 'name' | 'updated_at' | 'version'> }, undefined, S.TagView> = { method: 'GET', path: '/api/v2/customer-tags/{id}', permission: 'customers:read' }
/** Update a customer tag. */
export const updateCustomerTag: Operation<'id', undefined, S.WriteTagPatch, S.Shown_TagView> = { method: 'PATCH', path: '/api/v2/customer-tags/{id}', permission: 'customers:update' }
/** Replace a customer tag. */
export const replaceCustomerTag: Operation<'id', undefined, S.WriteTag, S.Shown_TagView> = { method: 'PUT', path: '/api/v2/customer-tags/{id}', permission: 'customers:update' }
/** Restore a deleted customer tag. */
export const restoreCustomerTag: Operation<'id', undefined, undefined, S.Shown_TagView> = { method: 'POST', path: '/api/v2/customer-tags/{id}/restore', permission: 'customers:delete' }
/** List the companies of the current customer. */
export const listOwnCompanies: Operation<never, { page?: number; page_size?: number }, undefined, S.Page_CompanyView> = { method: 'GET', path: '/api/v2/customer/companies' }
/** Ask to become a customer of a company. */
export const joinCompany: Operation<never, undefined, S.JoinCompany, S.CompanyView> = { method: 'POST', path: '/api/v2/customer/companies' }
/** List the orders of the current customer. */
export const listOwnOrders: Operation<never, { client_id?: string; page?: number; page_size?: number; status?: S.OrderStatus }, undefined, S.Page_OwnOrderView> = { method: 'GET', path: '/api/v2/customer/orders' }
export const listCustomersListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], company_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], city: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], country: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], user_id: ['eq', 'in', 'isnull'], verified: ['eq', 'in', 'isnull'], verified_at: ['eq', 'in', 'gte', 'lte', 'isnull'], customer_since: ['eq', 'in', 'gte', 'lte', 'isnull'], customer_status: ['eq', 'in', 'isnull'], stage: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], account_manager_id: ['eq', 'in', 'isnull'], customer_type: ['eq', 'in', 'isnull'], company_size: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], industry: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], annual_revenue: ['eq', 'in', 'gte', 'lte', 'isnull'], lifetime_value: ['eq', 'in', 'gte', 'lte', 'isnull'], total_orders: ['eq', 'in', 'gte', 'lte', 'isnull'], last_order_date: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'first_name', 'last_name', 'email', 'phone', 'company_name', 'city', 'country', 'user_id', 'verified', 'verified_at', 'customer_since', 'customer_status', 'stage', 'account_manager_id', 'customer_type', 'company_size', 'industry', 'annual_revenue', 'lifetime_value', 'total_orders', 'last_order_date', 'created_by', 'created_at', 'updated_at'], fields: ['account_manager_id', 'address', 'annual_revenue', 'city', 'company_name', 'company_size', 'country', 'created_at', 'created_by', 'custom_fields', 'customer_since', 'customer_status', 'customer_type', 'email', 'first_name', 'id', 'industry', 'last_name', 'last_order_date', 'lifetime_value', 'lifetime_values', 'name', 'notes', 'phone', 'preferences', 'stage', 'tags', 'total_orders', 'updated_at', 'user_id', 'verified', 'verified_at', 'version'] } as const
/** List customers. */
export const listCustomers: Operation<never, ListQuery<typeof listCustomersListing>, undefined, ListOf<S.CustomerView>> = { method: 'GET', path: '/api/v2/customers', permission: 'customers:read' }
/** Create a customer. */
export const createCustomer: Operation<never, { allow_duplicate?: boolean }, S.WriteCustomer, S.Shown_CustomerView> = { method: 'POST', path: '/api/v2/customers', permission: 'customers:create' }
/** Delete a customer. */
export const deleteCustomer: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/customers/{id}', permission: 'customers:delete' }
/** Get a customer. */
export const getCustomer: Operation<'id', { fields?: Array<'account_manager_id' | 'address' | 'annual_revenue' | 'city' | 'company_name' | 'company_size' | 'country' | 'created_at' | 'created_by' | 'custom_fields' | 'customer_since' | 'customer_status' | 'customer_type' | 'email' | 'first_name' | 'id' | 'industry' | 'last_name' | 'last_order_date' | 'lifetime_value' | 'lifetime_values' | 'name' | 'notes' | 'phone' | 'preferences' | 'stage' | 'tags' | 'total_orders' | 'updated_at' | 'user_id' | 'verified' | 'verified_at' | 'version'> }, undefined, S.CustomerView> = { method: 'GET', path: '/api/v2/customers/{id}', permission: 'customers:read' }
/** Update a customer. */
export const updateCustomer: Operation<'id', undefined, S.WriteCustomerPatch, S.Shown_CustomerView> = { method: 'PATCH', path: '/api/v2/customers/{id}', permission: 'customers:update' }
/** Replace a customer. */
export const replaceCustomer: Operation<'id', undefined, S.WriteCustomer, S.Shown_CustomerView> = { method: 'PUT', path: '/api/v2/customers/{id}', permission: 'customers:update' }
/** Restore a deleted customer. */
export const restoreCustomer: Operation<'id', undefined, undefined, S.Shown_CustomerView> = { method: 'POST', path: '/api/v2/customers/{id}/restore', permission: 'customers:delete' }
/** Verify a customer. */
export const verifyCustomer: Operation<'id', undefined, undefined, S.Shown_CustomerView> = { method: 'POST', path: '/api/v2/customers/{id}/verify', permission: 'customers:update' }
export const listDealsListing = { filters: { id: ['eq', 'in', 'isnull'], pipeline_id: ['eq', 'in', 'isnull'], stage_id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], contact_id: ['eq', 'in', 'isnull'], lead_id: ['eq', 'in', 'isnull'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], value: ['eq', 'in', 'gte', 'lte', 'isnull'], currency: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], expected_close_date: ['eq', 'in', 'gte', 'lte', 'isnull'], actual_close_date: ['eq', 'in', 'gte', 'lte', 'isnull'], contact_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], contact_email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], company_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], priority: ['eq', 'in', 'isnull'], probability: ['eq', 'in', 'gte', 'lte', 'isnull'], won_at: ['eq', 'in', 'gte', 'lte', 'isnull'], lost_at: ['eq', 'in', 'gte', 'lte', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'pipeline_id', 'stage_id', 'account_id', 'contact_id', 'lead_id', 'title', 'value', 'currency', 'expected_close_date', 'actual_close_date', 'contact_name', 'contact_email', 'company_name', 'status', 'priority', 'probability', 'won_at', 'lost_at', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['account_id', 'actual_close_date', 'assigned_to', 'company_name', 'contact_email', 'contact_id', 'contact_name', 'contact_phone', 'created_at', 'created_by', 'currency', 'custom_fields', 'description', 'expected_close_date', 'id', 'lead_id', 'lost_at', 'lost_reason', 'pipeline_id', 'priority', 'probability', 'stage_id', 'status', 'title', 'updated_at', 'value', 'version', 'won_at'] } as const
/** List deals. */
export const listDeals: Operation<never, ListQuery<typeof listDealsListing>, undefined, ListOf<S.DealView>> = { method: 'GET', path: '/api/v2/deals', permission: 'deals:read' }
/** Create a deal. */
export const createDeal: Operation<never, undefined, S.WriteDeal, S.Shown_DealView> = { method: 'POST', path: '/api/v2/deals', permission: 'deals:create' }
/** Delete a deal. */
export const deleteDeal: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/deals/{id}', permission: 'deals:delete' }
/** Get a deal. */
export const getDeal: Operation<'id', { fields?: Array<'account_id' | 'actual_close_date' | 'assigned_to' | 'company_name' | 'contact_email' | 'contact_id' | 'contact_name' | 'contact_phone' | 'created_at' | 'created_by' | 'currency' | 'custom_fields' | 'description' | 'expected_close_date' | 'id' | 'lead_id' | 'lost_at' | 'lost_reason' | 'pipeline_id' | 'priority' | 'probability' | 'stage_id' | 'status' | 'title' | 'updated_at' | 'value' | 'version' | 'won_at'> }, undefined, S.DealView> = { method: 'GET', path: '/api/v2/deals/{id}', permission: 'deals:read' }
/** Update a deal. */
export const updateDeal: Operation<'id', undefined, S.WriteDealPatch, S.Shown_DealView> = { method: 'PATCH', path: '/api/v2/deals/{id}', permission: 'deals:update' }
/** Replace a deal. */
export const replaceDeal: Operation<'id', undefined, S.WriteDeal, S.Shown_DealView> = { method: 'PUT', path: '/api/v2/deals/{id}', permission: 'deals:update' }
/** Mark a deal as lost. */
export const loseDeal: Operation<'id', undefined, S.LoseDeal, S.Shown_DealView> = { method: 'POST', path: '/api/v2/deals/{id}/lose', permission: 'deals:update' }
/** Move a deal to another stage. */
export const moveDeal: Operation<'id', undefined, S.MoveDeal, S.Shown_DealView> = { method: 'POST', path: '/api/v2/deals/{id}/move', permission: 'deals:update' }
/** Restore a deleted deal. */
export const restoreDeal: Operation<'id', undefined, undefined, S.Shown_DealView> = { method: 'POST', path: '/api/v2/deals/{id}/restore', permission: 'deals:delete' }
/** Get the timeline of a deal. */
export const getDealTimeline: Operation<'id', { cursor?: string; page_size?: number }, undefined, S.CursorPage_EntryView> = { method: 'GET', path: '/api/v2/deals/{id}/timeline', permission: 'deals:read' }
/** Mark a deal as won. */
export const winDeal: Operation<'id', undefined, undefined, S.Shown_DealView> = { method: 'POST', path: '/api/v2/deals/{id}/win', permission: 'deals:update' }
export const listHandoversListing = { filters: { id: ['eq', 'in', 'isnull'], user_id: ['eq', 'in', 'isnull'], cause: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], due_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'user_id', 'cause', 'status', 'due_at', 'created_at', 'updated_at'], fields: ['cause', 'contacts', 'created_at', 'customers', 'deals', 'done_at', 'due_at', 'id', 'leads', 'left_at', 'manager_id', 'returned', 'status', 'tasks', 'updated_at', 'user_id', 'version'] } as const
/** List handovers. */
export const listHandovers: Operation<never, ListQuery<typeof listHandoversListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.HandoverView> }> = { method: 'GET', path: '/api/v2/handovers', permission: 'tenant_users:read' }
/** Get a handover. */
export const getHandover: Operation<'id', { fields?: Array<'cause' | 'contacts' | 'created_at' | 'customers' | 'deals' | 'done_at' | 'due_at' | 'id' | 'leads' | 'left_at' | 'manager_id' | 'returned' | 'status' | 'tasks' | 'updated_at' | 'user_id' | 'version'> }, undefined, S.HandoverView> = { method: 'GET', path: '/api/v2/handovers/{id}', permission: 'tenant_users:read' }
/** Undo a handover. */
export const undoHandover: Operation<'id', undefined, undefined, S.Shown_HandoverView> = { method: 'POST', path: '/api/v2/handovers/{id}/undo', permission: 'tenant_users:update' }
export const listImportsListing = { filters: { id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], mode: ['eq', 'in', 'isnull'], format: ['eq', 'in', 'isnull'], file_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], total: ['eq', 'in', 'gte', 'lte', 'isnull'], errors: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], finished_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'status', 'mode', 'format', 'file_name', 'total', 'errors', 'created_by', 'created_at', 'updated_at', 'finished_at'], fields: ['created', 'created_at', 'created_by', 'duplicate_policy', 'duplicates', 'error_file', 'errors', 'expected', 'failure', 'file_name', 'finished_at', 'format', 'id', 'kept', 'mapping', 'mode', 'progress', 'rows_until', 'status', 'total', 'update_by', 'updated', 'updated_at', 'warned', 'warnings'] } as const
/** List imports. */
export const listImports: Operation<never, ListQuery<typeof listImportsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ImportView> }> = { method: 'GET', path: '/api/v2/imports', permission: 'imports:read' }
/** Import leads from a file. */
export const createImport: Operation<never, undefined, FormData, S.AcceptedImport> = { method: 'POST', path: '/api/v2/imports', permission: 'imports:run' }
/** Get an import. */
export const getImport: Operation<'id', { fields?: Array<'created' | 'created_at' | 'created_by' | 'duplicate_policy' | 'duplicates' | 'error_file' | 'errors' | 'expected' | 'failure' | 'file_name' | 'finished_at' | 'format' | 'id' | 'kept' | 'mapping' | 'mode' | 'progress' | 'rows_until' | 'status' | 'total' | 'update_by' | 'updated' | 'updated_at' | 'warned' | 'warnings'> }, undefined, S.ImportView> = { method: 'GET', path: '/api/v2/imports/{id}', permission: 'imports:read' }
/** Commit a validated import. */
export const commitImport: Operation<'id', undefined, S.ImportSettings, S.AcceptedImport> = { method: 'POST', path: '/api/v2/imports/{id}/commit', permission: 'imports:run' }
/** Download the rows that could not be imported. */
export const downloadImportErrors: Operation<'id', undefined, undefined, Blob> = { method: 'GET', path: '/api/v2/imports/{id}/errors', permission: 'imports:read' }
/** Set the mapping of an import. */
export const setImportMapping: Operation<'id', undefined, S.ImportSettings, S.PreviewView> = { method: 'PUT', path: '/api/v2/imports/{id}/mapping', permission: 'imports:run' }
/** Preview an import. */
export const getImportPreview: Operation<'id', undefined, undefined, S.PreviewView> = { method: 'GET', path: '/api/v2/imports/{id}/preview', permission: 'imports:read' }
/** List the rows of an import. */
export const listImportRows: Operation<'id', { outcome?: S.RowResult; page?: number; page_size?: number; warned?: boolean }, undefined, S.RowsView> = { method: 'GET', path: '/api/v2/imports/{id}/rows', permission: 'imports:read' }
/** Start an import. */
export const startImport: Operation<'id', undefined, S.ImportSettings, S.AcceptedImport> = { method: 'POST', path: '/api/v2/imports/{id}/start', permission: 'imports:run' }
/** Undo an import. */
export const undoImport: Operation<'id', undefined, undefined, S.AcceptedImport> = { method: 'POST', path: '/api/v2/imports/{id}/undo', permission: 'imports:run' }
/** Validate an import. */
export const validateImport: Operation<'id', undefined, S.ImportSettings, S.AcceptedImport> = { method: 'POST', path: '/api/v2/imports/{id}/validate', permission: 'imports:run' }
export const listSubmissionsListing = { filters: { id: ['eq', 'in', 'isnull'], api_key_id: ['eq', 'in', 'isnull'], lead_id: ['eq', 'in', 'isnull'], sender: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], outcome: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], source_key: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], replayed_at: ['eq', 'in', 'gte', 'lte', 'isnull'], reviewed_by: ['eq', 'in', 'isnull'], reviewed_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'api_key_id', 'lead_id', 'sender', 'outcome', 'status', 'source_key', 'replayed_at', 'reviewed_by', 'reviewed_at', 'created_at'], fields: ['api_key_id', 'created_at', 'errors', 'id', 'lead_id', 'mapping', 'outcome', 'replayed_at', 'reviewed_at', 'reviewed_by', 'sender', 'sent', 'source_key', 'status', 'warnings'] } as const
/** List submissions. */
export const listSubmissions: Operation<never, ListQuery<typeof listSubmissionsListing>, undefined, ListOf<S.IngestEntryView>> = { method: 'GET', path: '/api/v2/ingests', permission: 'ingests:read' }
/** Get a submission. */
export const getSubmission: Operation<'id', { fields?: Array<'api_key_id' | 'created_at' | 'errors' | 'id' | 'lead_id' | 'mapping' | 'outcome' | 'replayed_at' | 'reviewed_at' | 'reviewed_by' | 'sender' | 'sent' | 'source_key' | 'status' | 'warnings'> }, undefined, S.IngestEntryView> = { method: 'GET', path: '/api/v2/ingests/{id}', permission: 'ingests:read' }
/** Reject a submission. */
export const rejectSubmission: Operation<'id', undefined, undefined, S.Shown_IngestEntryView> = { method: 'POST', path: '/api/v2/ingests/{id}/reject', permission: 'ingests:replay' }
/** Release a submission. */
export const releaseSubmission: Operation<'id', undefined, S.ReleaseSubmission, S.Shown_IngestEntryView> = { method: 'POST', path: '/api/v2/ingests/{id}/release', permission: 'ingests:replay' }
/** Replay a submission. */
export const replaySubmission: Operation<'id', undefined, undefined, S.Shown_IngestEntryView> = { method: 'POST', path: '/api/v2/ingests/{id}/replay', permission: 'ingests:replay' }
export const listIssuesListing = { filters: { id: ['eq', 'in', 'isnull'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], issue_type: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], priority: ['eq', 'in', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], customer_id: ['eq', 'in', 'isnull'], deal_id: ['eq', 'in', 'isnull'], contact_id: ['eq', 'in', 'isnull'], github_issue_id: ['eq', 'in', 'gte', 'lte', 'isnull'], resolved_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'title', 'issue_type', 'status', 'priority', 'assigned_to', 'customer_id', 'deal_id', 'contact_id', 'github_issue_id', 'resolved_at', 'created_by', 'created_at', 'updated_at'], fields: ['assigned_to', 'contact_id', 'created_at', 'created_by', 'customer_id', 'deal_id', 'description', 'github_issue_id', 'id', 'issue_type', 'priority', 'resolved_at', 'status', 'title', 'updated_at', 'version'] } as const
/** List issues. */
export const listIssues: Operation<never, ListQuery<typeof listIssuesListing>, undefined, ListOf<S.IssueView>> = { method: 'GET', path: '/api/v2/issues', permission: 'issues:read' }
/** Create an issue. */
export const createIssue: Operation<never, undefined, S.WriteIssue, S.Shown_IssueView> = { method: 'POST', path: '/api/v2/issues', permission: 'issues:create' }
/** Delete an issue. */
export const deleteIssue: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/issues/{id}', permission: 'issues:delete' }
/** Get an issue. */
export const getIssue: Operation<'id', { fields?: Array<'assigned_to' | 'contact_id' | 'created_at' | 'created_by' | 'customer_id' | 'deal_id' | 'description' | 'github_issue_id' | 'id' | 'issue_type' | 'priority' | 'resolved_at' | 'status' | 'title' | 'updated_at' | 'version'> }, undefined, S.IssueView> = { method: 'GET', path: '/api/v2/issues/{id}', permission: 'issues:read' }
/** Update an issue. */
export const updateIssue: Operation<'id', undefined, S.WriteIssuePatch, S.Shown_IssueView> = { method: 'PATCH', path: '/api/v2/issues/{id}', permission: 'issues:update' }
/** Replace an issue. */
export const replaceIssue: Operation<'id', undefined, S.WriteIssue, S.Shown_IssueView> = { method: 'PUT', path: '/api/v2/issues/{id}', permission: 'issues:update' }
/** Restore a deleted issue. */
export const restoreIssue: Operation<'id', undefined, undefined, S.Shown_IssueView> = { method: 'POST', path: '/api/v2/issues/{id}/restore', permission: 'issues:delete' }
export const listLeadsListing = { filters: { id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], product_id: ['eq', 'in', 'isnull'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], company_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], role_title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], linkedin_url: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], source: ['eq', 'in', 'isnull'], suggestion_status: ['eq', 'in', 'isnull'], enrichment_status: ['eq', 'in', 'isnull'], persona: ['eq', 'in', 'isnull'], score: ['eq', 'in', 'gte', 'lte', 'isnull'], estimated_value: ['eq', 'in', 'gte', 'lte', 'isnull'], currency: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], assigned_to: ['eq', 'in', 'isnull'], lead_reference_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], source_key: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], api_key_id: ['eq', 'in', 'isnull'], is_test: ['eq', 'in', 'isnull'], submitted_at: ['eq', 'in', 'gte', 'lte', 'isnull'], converted_at: ['eq', 'in', 'gte', 'lte', 'isnull'], last_enriched_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'account_id', 'product_id', 'first_name', 'last_name', 'email', 'phone', 'company_name', 'role_title', 'linkedin_url', 'status', 'source', 'suggestion_status', 'enrichment_status', 'persona', 'score', 'estimated_value', 'currency', 'assigned_to', 'lead_reference_id', 'source_key', 'api_key_id', 'is_test', 'submitted_at', 'converted_at', 'last_enriched_at', 'created_by', 'created_at', 'updated_at'], fields: ['account_id', 'api_key_id', 'assigned_to', 'company_name', 'consent', 'converted_at', 'converted_to_deal_id', 'created_at', 'created_by', 'currency', 'custom_fields', 'email', 'enrichment_data', 'enrichment_status', 'estimated_value', 'first_name', 'id', 'is_test', 'last_enriched_at', 'last_name', 'lead_reference_id', 'linkedin_url', 'notes', 'persona', 'phone', 'product_id', 'raw_payload', 'role_title', 'score', 'score_breakdown', 'source', 'source_key', 'status', 'submitted_at', 'suggestion_status', 'updated_at', 'utm', 'version'] } as const
/** List leads. */
export const listLeads: Operation<never, ListQuery<typeof listLeadsListing>, undefined, ListOf<S.LeadView>> = { method: 'GET', path: '/api/v2/leads', permission: 'leads:read' }
/** Create a lead. */
export const createLead: Operation<never, { allow_duplicate?: boolean }, S.WriteLead, S.Shown_LeadView> = { method: 'POST', path: '/api/v2/leads', permission: 'leads:create' }
/** Create up to 1,000 leads. */
export const bulkCreateLeads: Operation<never, { allow_duplicate?: boolean }, S.BulkCreate_WriteLead, S.BulkView_LeadView> = { method: 'POST', path: '/api/v2/leads/bulk_create', permission: 'leads:create' }
/** List possible duplicates. */
export const listDuplicateLeads: Operation<never, { page_size?: number; reason?: S.DuplicateReason }, undefined, S.DuplicatesView> = { method: 'GET', path: '/api/v2/leads/duplicates', permission: 'leads:read' }
export const exportLeadsListing = { filters: { format: ['eq'], id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], product_id: ['eq', 'in', 'isnull'], first_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], last_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], email: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], phone: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], company_name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], role_title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], linkedin_url: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], source: ['eq', 'in', 'isnull'], suggestion_status: ['eq', 'in', 'isnull'], enrichment_status: ['eq', 'in', 'isnull'], persona: ['eq', 'in', 'isnull'], score: ['eq', 'in', 'gte', 'lte', 'isnull'], estimated_value: ['eq', 'in', 'gte', 'lte', 'isnull'], currency: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], assigned_to: ['eq', 'in', 'isnull'], lead_reference_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], source_key: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], api_key_id: ['eq', 'in', 'isnull'], is_test: ['eq', 'in', 'isnull'], submitted_at: ['eq', 'in', 'gte', 'lte', 'isnull'], converted_at: ['eq', 'in', 'gte', 'lte', 'isnull'], last_enriched_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'account_id', 'product_id', 'first_name', 'last_name', 'email', 'phone', 'company_name', 'role_title', 'linkedin_url', 'status', 'source', 'suggestion_status', 'enrichment_status', 'persona', 'score', 'estimated_value', 'currency', 'assigned_to', 'lead_reference_id', 'source_key', 'api_key_id', 'is_test', 'submitted_at', 'converted_at', 'last_enriched_at', 'created_by', 'created_at', 'updated_at'], fields: ['account_id', 'api_key_id', 'assigned_to', 'company_name', 'consent', 'converted_at', 'converted_to_deal_id', 'created_at', 'created_by', 'currency', 'custom_fields', 'email', 'enrichment_data', 'enrichment_status', 'estimated_value', 'first_name', 'id', 'is_test', 'last_enriched_at', 'last_name', 'lead_reference_id', 'linkedin_url', 'notes', 'persona', 'phone', 'product_id', 'raw_payload', 'role_title', 'score', 'score_breakdown', 'source', 'source_key', 'status', 'submitted_at', 'suggestion_status', 'updated_at', 'utm', 'version'] } as const
/** Export leads. */
export const exportLeads: Operation<never, ListQuery<typeof exportLeadsListing>, undefined, Blob> = { method: 'GET', path: '/api/v2/leads/export', permission: 'leads:export' }
/** Find leads at an account. */
export const generateLeads: Operation<never, undefined, S.GenerateLeads, S.GenerationView> = { method: 'POST', path: '/api/v2/leads/generate', permission: 'leads:create' }
/** Submit a lead (v2 path). */
export const submitLeadV2: Operation<never, undefined, S.SubmitLeadV2Body, S.IngestView> = { method: 'POST', path: '/api/v2/leads/ingest' }
/** Submit up to 1,000 leads (v2 path). */
export const submitLeadsV2: Operation<never, undefined, S.IngestBatch, S.BatchView> = { method: 'POST', path: '/api/v2/leads/ingest/batch' }
/** Merge leads. */
export const mergeLeads: Operation<never, undefined, S.MergeLeads, S.MergeView> = { method: 'POST', path: '/api/v2/leads/merge', permission: 'leads:merge' }
/** List leads by persona quotas. */
export const listLeadsByQuota: Operation<never, { account_id__in?: string; buyer_percent?: number; cursor?: string; end_user_percent?: number; influencer_percent?: number; page_size?: number; product_id?: string }, undefined, S.CursorPage_LeadView> = { method: 'GET', path: '/api/v2/leads/quota_distribution', permission: 'leads:read' }
/** Search leads. */
export const searchLeads: Operation<never, undefined, S.Search, ListOf<S.LeadView>> = { method: 'POST', path: '/api/v2/leads/search', permission: 'leads:read' }
/** Create or update a lead. */
export const upsertLead: Operation<never, { allow_duplicate?: boolean; match?: 'external_id' | 'email' }, S.WriteLeadPatch, S.UpsertView> = { method: 'PUT', path: '/api/v2/leads/upsert', permission: 'leads:update' }
/** Delete a lead. */
export const deleteLead: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/leads/{id}', permission: 'leads:delete' }
/** Get a lead. */
export const getLead: Operation<'id', { fields?: Array<'account_id' | 'api_key_id' | 'assigned_to' | 'company_name' | 'consent' | 'converted_at' | 'converted_to_deal_id' | 'created_at' | 'created_by' | 'currency' | 'custom_fields' | 'email' | 'enrichment_data' | 'enrichment_status' | 'estimated_value' | 'first_name' | 'id' | 'is_test' | 'last_enriched_at' | 'last_name' | 'lead_reference_id' | 'linkedin_url' | 'notes' | 'persona' | 'phone' | 'product_id' | 'raw_payload' | 'role_title' | 'score' | 'score_breakdown' | 'source' | 'source_key' | 'status' | 'submitted_at' | 'suggestion_status' | 'updated_at' | 'utm' | 'version'> }, undefined, S.LeadView> = { method: 'GET', path: '/api/v2/leads/{id}', permission: 'leads:read' }
/** Update a lead. */
export const updateLead: Operation<'id', undefined, S.WriteLeadPatch, S.Shown_LeadView> = { method: 'PATCH', path: '/api/v2/leads/{id}', permission: 'leads:update' }
/** Replace a lead. */
export const replaceLead: Operation<'id', undefined, S.WriteLead, S.Shown_LeadView> = { method: 'PUT', path: '/api/v2/leads/{id}', permission: 'leads:update' }
/** Approve a suggested lead. */
export const approveLead: Operation<'id', undefined, undefined, S.Shown_LeadView> = { method: 'POST', path: '/api/v2/leads/{id}/approve', permission: 'leads:update' }
/** Get a lead as of a point in time. */
export const getLeadAsOf: Operation<'id', { at?: string }, undefined, Record<string, unknown>> = { method: 'GET', path: '/api/v2/leads/{id}/as_of', permission: 'leads:read' }
/** Assign a lead. */
export const assignLead: Operation<'id', undefined, S.AssignLead, S.Shown_LeadView> = { method: 'POST', path: '/api/v2/leads/{id}/assign', permission: 'leads:assign' }
/** Explain the assignment of a lead. */
export const explainLeadAssignment: Operation<'id', undefined, undefined, S.AssignmentTraceView> = { method: 'GET', path: '/api/v2/leads/{id}/assignment_trace', permission: 'leads:read' }
/** Convert a lead. */
export const convertLead: Operation<'id', undefined, S.ConvertLead, S.ConversionView> = { method: 'POST', path: '/api/v2/leads/{id}/convert', permission: 'deals:create' }
/** Enrich a lead. */
export const enrichLead: Operation<'id', undefined, undefined, S.EnrichmentStarted> = { method: 'POST', path: '/api/v2/leads/{id}/enrich', permission: 'leads:update' }
/** Enrich a lead's LinkedIn activity. */
export const enrichLeadLinkedinActivity: Operation<'id', undefined, S.ResearchLead, S.ResearchView> = { method: 'POST', path: '/api/v2/leads/{id}/enrich_linkedin_activity', permission: 'leads:update' }
/** Accept a candidate for a field of a lead. */
export const acceptLeadCandidate: Operation<'id' | 'field', undefined, S.AcceptCandidate, S.FieldProvenance> = { method: 'POST', path: '/api/v2/leads/{id}/fields/{field}/accept', permission: 'leads:update' }
/** Pin a field of a lead. */
export const pinLeadField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/leads/{id}/fields/{field}/pin', permission: 'leads:update' }
/** Revert a field of a lead. */
export const revertLeadField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/leads/{id}/fields/{field}/revert', permission: 'leads:update' }
/** Unpin a field of a lead. */
export const unpinLeadField: Operation<'id' | 'field', undefined, undefined, S.FieldProvenance> = { method: 'POST', path: '/api/v2/leads/{id}/fields/{field}/unpin', permission: 'leads:update' }
/** Get where a lead's values came from. */
export const getLeadProvenance: Operation<'id', undefined, undefined, S.ProvenanceView> = { method: 'GET', path: '/api/v2/leads/{id}/provenance', permission: 'leads:read' }
/** Reject a suggested lead. */
export const rejectLead: Operation<'id', undefined, undefined, S.Shown_LeadView> = { method: 'POST', path: '/api/v2/leads/{id}/reject', permission: 'leads:update' }
/** Restore a deleted lead. */
export const restoreLead: Operation<'id', undefined, undefined, S.Shown_LeadView> = { method: 'POST', path: '/api/v2/leads/{id}/restore', permission: 'leads:delete' }
/** Explain the score of a lead. */
export const getLeadScore: Operation<'id', { at?: string }, undefined, S.ScoreView> = { method: 'GET', path: '/api/v2/leads/{id}/score', permission: 'leads:read' }
/** Recalculate the score of a lead. */
export const scoreLead: Operation<'id', undefined, undefined, S.ScoreView> = { method: 'POST', path: '/api/v2/leads/{id}/score', permission: 'leads:update' }
/** Get the timeline of a lead. */
export const getLeadTimeline: Operation<'id', { cursor?: string; page_size?: number }, undefined, S.CursorPage_EntryView> = { method: 'GET', path: '/api/v2/leads/{id}/timeline', permission: 'leads:read' }
/** Undo a merge. */
export const undoMerge: Operation<'id', undefined, undefined, S.UndoneMergeView> = { method: 'POST', path: '/api/v2/merges/{id}/undo', permission: 'leads:merge' }
export const listOrdersListing = { filters: { id: ['eq', 'in', 'isnull'], customer_id: ['eq', 'in', 'isnull'], order_number: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], total_amount: ['eq', 'in', 'gte', 'lte', 'isnull'], currency: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], order_date: ['eq', 'in', 'gte', 'lte', 'isnull'], payment_method: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], payment_status: ['eq', 'in', 'isnull'], tracking_number: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'customer_id', 'order_number', 'title', 'status', 'total_amount', 'currency', 'order_date', 'payment_method', 'payment_status', 'tracking_number', 'created_by', 'created_at', 'updated_at'], fields: ['actual_delivery_date', 'billing_address', 'created_at', 'created_by', 'currency', 'customer_id', 'description', 'expected_delivery_date', 'id', 'items', 'notes', 'order_date', 'order_number', 'payment_method', 'payment_status', 'shipping_address', 'status', 'title', 'total_amount', 'tracking_number', 'updated_at', 'version'] } as const
/** List orders. */
export const listOrders: Operation<never, ListQuery<typeof listOrdersListing>, undefined, ListOf<S.OrderView>> = { method: 'GET', path: '/api/v2/orders', permission: 'orders:read' }
/** Create an order. */
export const createOrder: Operation<never, undefined, S.WriteOrder, S.Shown_OrderView> = { method: 'POST', path: '/api/v2/orders', permission: 'orders:create' }
/** Delete an order. */
export const deleteOrder: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/orders/{id}', permission: 'orders:delete' }
/** Get an order. */
export const getOrder: Operation<'id', { fields?: Array<'actual_delivery_date' | 'billing_address' | 'created_at' | 'created_by' | 'currency' | 'customer_id' | 'description' | 'expected_delivery_date' | 'id' | 'items' | 'notes' | 'order_date' | 'order_number' | 'payment_method' | 'payment_status' | 'shipping_address' | 'status' | 'title' | 'total_amount' | 'tracking_number' | 'updated_at' | 'version'> }, undefined, S.OrderView> = { method: 'GET', path: '/api/v2/orders/{id}', permission: 'orders:read' }
/** Update an order. */
export const updateOrder: Operation<'id', undefined, S.WriteOrderPatch, S.Shown_OrderView> = { method: 'PATCH', path: '/api/v2/orders/{id}', permission: 'orders:update' }
/** Replace an order. */
export const replaceOrder: Operation<'id', undefined, S.WriteOrder, S.Shown_OrderView> = { method: 'PUT', path: '/api/v2/orders/{id}', permission: 'orders:update' }
/** Restore a deleted order. */
export const restoreOrder: Operation<'id', undefined, undefined, S.Shown_OrderView> = { method: 'POST', path: '/api/v2/orders/{id}/restore', permission: 'orders:delete' }
/** Set the status of an order. */
export const setOrderStatus: Operation<'id', undefined, S.SetStatus, S.Shown_OrderView> = { method: 'POST', path: '/api/v2/orders/{id}/status', permission: 'orders:update' }
export const listPipelinesListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], is_default: ['eq', 'in', 'isnull'], is_active: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'is_default', 'is_active', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'id', 'is_active', 'is_default', 'name', 'updated_at', 'version'] } as const
/** List pipelines. */
export const listPipelines: Operation<never, ListQuery<typeof listPipelinesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.PipelineView> }> = { method: 'GET', path: '/api/v2/pipelines', permission: 'pipelines:read' }
/** Create a pipeline. */
export const createPipeline: Operation<never, undefined, S.WritePipeline, S.Shown_PipelineView> = { method: 'POST', path: '/api/v2/pipelines', permission: 'pipelines:manage' }
/** Delete a pipeline. */
export const deletePipeline: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/pipelines/{id}', permission: 'pipelines:manage' }
/** Get a pipeline. */
export const getPipeline: Operation<'id', { fields?: Array<'created_at' | 'created_by' | 'description' | 'id' | 'is_active' | 'is_default' | 'name' | 'updated_at' | 'version'> }, undefined, S.PipelineView> = { method: 'GET', path: '/api/v2/pipelines/{id}', permission: 'pipelines:read' }
/** Update a pipeline. */
export const updatePipeline: Operation<'id', undefined, S.WritePipelinePatch, S.Shown_PipelineView> = { method: 'PATCH', path: '/api/v2/pipelines/{id}', permission: 'pipelines:manage' }
/** Replace a pipeline. */
export const replacePipeline: Operation<'id', undefined, S.WritePipeline, S.Shown_PipelineView> = { method: 'PUT', path: '/api/v2/pipelines/{id}', permission: 'pipelines:manage' }
/** Get the board of a pipeline. */
export const getPipelineBoard: Operation<'id', { page_size?: number }, undefined, S.BoardView> = { method: 'GET', path: '/api/v2/pipelines/{id}/board', permission: 'deals:read' }
/** Restore a deleted pipeline. */
export const restorePipeline: Operation<'id', undefined, undefined, S.Shown_PipelineView> = { method: 'POST', path: '/api/v2/pipelines/{id}/restore', permission: 'pipelines:manage' }
export const listStagesListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], order: ['eq', 'in', 'gte', 'lte', 'isnull'], probability: ['eq', 'in', 'gte', 'lte', 'isnull'], kind: ['eq', 'in', 'isnull'], is_active: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'order', 'probability', 'kind', 'is_active', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'id', 'is_active', 'kind', 'name', 'order', 'pipeline_id', 'probability', 'updated_at', 'version'] } as const
/** List the stages of a pipeline. */
export const listStages: Operation<'id', ListQuery<typeof listStagesListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.StageView> }> = { method: 'GET', path: '/api/v2/pipelines/{id}/stages', permission: 'pipelines:read' }
/** Create a stage. */
export const createStage: Operation<'id', undefined, S.WriteStage, S.Shown_StageView> = { method: 'POST', path: '/api/v2/pipelines/{id}/stages', permission: 'pipelines:manage' }
/** Reorder the stages of a pipeline. */
export const reorderStages: Operation<'id', undefined, S.ReorderStages, S.OrderedStages> = { method: 'POST', path: '/api/v2/pipelines/{id}/stages/reorder', permission: 'pipelines:manage' }
/** Delete a stage. */
export const deleteStage: Operation<'id' | 'stage_id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/pipelines/{id}/stages/{stage_id}', permission: 'pipelines:manage' }
/** Get a stage. */
export const getStage: Operation<'id' | 'stage_id', { fields?: Array<'created_at' | 'created_by' | 'id' | 'is_active' | 'kind' | 'name' | 'order' | 'pipeline_id' | 'probability' | 'updated_at' | 'version'> }, undefined, S.StageView> = { method: 'GET', path: '/api/v2/pipelines/{id}/stages/{stage_id}', permission: 'pipelines:read' }
/** Update a stage. */
export const updateStage: Operation<'id' | 'stage_id', undefined, S.WriteStagePatch, S.Shown_StageView> = { method: 'PATCH', path: '/api/v2/pipelines/{id}/stages/{stage_id}', permission: 'pipelines:manage' }
/** Replace a stage. */
export const replaceStage: Operation<'id' | 'stage_id', undefined, S.WriteStage, S.Shown_StageView> = { method: 'PUT', path: '/api/v2/pipelines/{id}/stages/{stage_id}', permission: 'pipelines:manage' }
/** Restore a deleted stage. */
export const restoreStage: Operation<'id' | 'stage_id', undefined, undefined, S.Shown_StageView> = { method: 'POST', path: '/api/v2/pipelines/{id}/stages/{stage_id}/restore', permission: 'pipelines:manage' }
export const listProductsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], website: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], catalog_product_id: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'website', 'catalog_product_id', 'created_by', 'created_at', 'updated_at'], fields: ['catalog_product_id', 'created_at', 'created_by', 'description', 'icp_description', 'id', 'keywords', 'name', 'persona_role_titles', 'playbook_description', 'settings', 'updated_at', 'version', 'website'] } as const
/** List products. */
export const listProducts: Operation<never, ListQuery<typeof listProductsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ProductView> }> = { method: 'GET', path: '/api/v2/products', permission: 'products:read' }
/** Create a product. */
export const createProduct: Operation<never, undefined, S.WriteProduct, S.Shown_ProductView> = { method: 'POST', path: '/api/v2/products', permission: 'products:create' }
/** Delete a product. */
export const deleteProduct: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/products/{id}', permission: 'products:delete' }
/** Get a product. */
export const getProduct: Operation<'id', { fields?: Array<'catalog_product_id' | 'created_at' | 'created_by' | 'description' | 'icp_description' | 'id' | 'keywords' | 'name' | 'persona_role_titles' | 'playbook_description' | 'settings' | 'updated_at' | 'version' | 'website'> }, undefined, S.ProductView> = { method: 'GET', path: '/api/v2/products/{id}', permission: 'products:read' }
/** Update a product. */
export const updateProduct: Operation<'id', undefined, S.WriteProductPatch, S.Shown_ProductView> = { method: 'PATCH', path: '/api/v2/products/{id}', permission: 'products:update' }
/** Replace a product. */
export const replaceProduct: Operation<'id', undefined, S.WriteProduct, S.Shown_ProductView> = { method: 'PUT', path: '/api/v2/products/{id}', permission: 'products:update' }
/** Restore a deleted product. */
export const restoreProduct: Operation<'id', undefined, undefined, S.Shown_ProductView> = { method: 'POST', path: '/api/v2/products/{id}/restore', permission: 'products:delete' }
/** Get the sales forecast. */
export const getForecast: Operation<never, { from?: string; pipeline_id?: string; to?: string }, undefined, S.ForecastView> = { method: 'GET', path: '/api/v2/reports/forecast', permission: 'reports:read' }
/** Get the sales funnel. */
export const getFunnel: Operation<never, { from?: string; pipeline_id?: string; to?: string }, undefined, S.FunnelView> = { method: 'GET', path: '/api/v2/reports/funnel', permission: 'reports:read' }
/** Get the win rate. */
export const getWinRate: Operation<never, { from?: string; pipeline_id?: string; to?: string }, undefined, S.WinRateView> = { method: 'GET', path: '/api/v2/reports/win_rate', permission: 'reports:read' }
export const listScoringModelsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], product_id: ['eq', 'in', 'isnull'], enabled: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'product_id', 'enabled', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'enabled', 'groups', 'id', 'name', 'product_id', 'rules', 'updated_at', 'version'] } as const
/** List scoring models. */
export const listScoringModels: Operation<never, ListQuery<typeof listScoringModelsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ScoringModelView> }> = { method: 'GET', path: '/api/v2/scoring-models', permission: 'scoring_models:read' }
/** Create a scoring model. */
export const createScoringModel: Operation<never, undefined, S.WriteScoringModel, S.Shown_ScoringModelView> = { method: 'POST', path: '/api/v2/scoring-models', permission: 'scoring_models:manage' }
/** Get the progress of rescoring. */
export const getRescoringProgress: Operation<never, undefined, undefined, S.RescoringView> = { method: 'GET', path: '/api/v2/scoring-models/rescoring', permission: 'scoring_models:read' }
/** Delete a scoring model. */
export const deleteScoringModel: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/scoring-models/{id}', permission: 'scoring_models:manage' }
/** Get a scoring model. */
export const getScoringModel: Operation<'id', { fields?: Array<'created_at' | 'created_by' | 'enabled' | 'groups' | 'id' | 'name' | 'product_id' | 'rules' | 'updated_at' | 'version'> }, undefined, S.ScoringModelView> = { method: 'GET', path: '/api/v2/scoring-models/{id}', permission: 'scoring_models:read' }
/** Update a scoring model. */
export const updateScoringModel: Operation<'id', undefined, S.WriteScoringModelPatch, S.Shown_ScoringModelView> = { method: 'PATCH', path: '/api/v2/scoring-models/{id}', permission: 'scoring_models:manage' }
/** Replace a scoring model. */
export const replaceScoringModel: Operation<'id', undefined, S.WriteScoringModel, S.Shown_ScoringModelView> = { method: 'PUT', path: '/api/v2/scoring-models/{id}', permission: 'scoring_models:manage' }
/** Restore a deleted scoring model. */
export const restoreScoringModel: Operation<'id', undefined, undefined, S.Shown_ScoringModelView> = { method: 'POST', path: '/api/v2/scoring-models/{id}/restore', permission: 'scoring_models:manage' }
export const listTasksListing = { filters: { id: ['eq', 'in', 'isnull'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], due_at: ['eq', 'in', 'gte', 'lte', 'isnull'], status: ['eq', 'in', 'isnull'], priority: ['eq', 'in', 'isnull'], entity_type: ['eq', 'in', 'isnull'], entity_id: ['eq', 'in', 'isnull'], completed_at: ['eq', 'in', 'gte', 'lte', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'title', 'due_at', 'status', 'priority', 'entity_type', 'entity_id', 'completed_at', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['assigned_to', 'completed_at', 'created_at', 'created_by', 'description', 'due_at', 'entity_id', 'entity_type', 'id', 'priority', 'status', 'title', 'updated_at', 'version'] } as const
/** List tasks. */
export const listTasks: Operation<never, ListQuery<typeof listTasksListing>, undefined, ListOf<S.TaskView>> = { method: 'GET', path: '/api/v2/tasks', permission: 'tasks:read' }
/** Create a task. */
export const createTask: Operation<never, undefined, S.WriteTask, S.Shown_TaskView> = { method: 'POST', path: '/api/v2/tasks', permission: 'tasks:create' }
export const listOverdueTasksListing = { filters: { id: ['eq', 'in', 'isnull'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], due_at: ['eq', 'in', 'gte', 'lte', 'isnull'], status: ['eq', 'in', 'isnull'], priority: ['eq', 'in', 'isnull'], entity_type: ['eq', 'in', 'isnull'], entity_id: ['eq', 'in', 'isnull'], completed_at: ['eq', 'in', 'gte', 'lte', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'title', 'due_at', 'status', 'priority', 'entity_type', 'entity_id', 'completed_at', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['assigned_to', 'completed_at', 'created_at', 'created_by', 'description', 'due_at', 'entity_id', 'entity_type', 'id', 'priority', 'status', 'title', 'updated_at', 'version'] } as const
/** List overdue tasks. */
export const listOverdueTasks: Operation<never, ListQuery<typeof listOverdueTasksListing>, undefined, ListOf<S.TaskView>> = { method: 'GET', path: '/api/v2/tasks/overdue', permission: 'tasks:read' }
export const listTasksDueTodayListing = { filters: { id: ['eq', 'in', 'isnull'], title: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], due_at: ['eq', 'in', 'gte', 'lte', 'isnull'], status: ['eq', 'in', 'isnull'], priority: ['eq', 'in', 'isnull'], entity_type: ['eq', 'in', 'isnull'], entity_id: ['eq', 'in', 'isnull'], completed_at: ['eq', 'in', 'gte', 'lte', 'isnull'], assigned_to: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'title', 'due_at', 'status', 'priority', 'entity_type', 'entity_id', 'completed_at', 'assigned_to', 'created_by', 'created_at', 'updated_at'], fields: ['assigned_to', 'completed_at', 'created_at', 'created_by', 'description', 'due_at', 'entity_id', 'entity_type', 'id', 'priority', 'status', 'title', 'updated_at', 'version'] } as const
/** List today's tasks. */
export const listTasksDueToday: Operation<never, ListQuery<typeof listTasksDueTodayListing>, undefined, ListOf<S.TaskView>> = { method: 'GET', path: '/api/v2/tasks/today', permission: 'tasks:read' }
/** Delete a task. */
export const deleteTask: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/tasks/{id}', permission: 'tasks:delete' }
/** Get a task. */
export const getTask: Operation<'id', { fields?: Array<'assigned_to' | 'completed_at' | 'created_at' | 'created_by' | 'description' | 'due_at' | 'entity_id' | 'entity_type' | 'id' | 'priority' | 'status' | 'title' | 'updated_at' | 'version'> }, undefined, S.TaskView> = { method: 'GET', path: '/api/v2/tasks/{id}', permission: 'tasks:read' }
/** Update a task. */
export const updateTask: Operation<'id', undefined, S.WriteTaskPatch, S.Shown_TaskView> = { method: 'PATCH', path: '/api/v2/tasks/{id}', permission: 'tasks:update' }
/** Replace a task. */
export const replaceTask: Operation<'id', undefined, S.WriteTask, S.Shown_TaskView> = { method: 'PUT', path: '/api/v2/tasks/{id}', permission: 'tasks:update' }
/** Restore a deleted task. */
export const restoreTask: Operation<'id', undefined, undefined, S.Shown_TaskView> = { method: 'POST', path: '/api/v2/tasks/{id}/restore', permission: 'tasks:delete' }
