// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** A time without assignments. */
export type Absence = { from: string; until: string }
/** Which candidate is chosen. */
export type AcceptCandidate = { candidate_index: number }
/** An import that was taken in. */
export type AcceptedImport = { id: string; mode: ImportMode; status: ImportStatus; warnings: Array<FieldError> }
/** One enrichment of an account. */
export type AccountEnrichment = { completion_percent: number; data_quality_score?: number | null; enrichment_type: EnrichmentType; error_details?: Record<string, unknown> | null; failure_count: number; job_id?: string | null; last_attempted_run?: string | null; last_successful_run?: string | null; next_scheduled_run?: string | null; provenance: Array<Provenance>; source: string; status: EnrichmentStatus }
/** How far an account's enrichments are. */
export type AccountEnrichmentView = { results: Array<AccountEnrichment> }
/** An account as it is shown. */
export type AccountView = { company_type?: string | null; competitors: Array<string>; contact_email?: string | null; contact_phone?: string | null; created_at: string; created_by?: string | null; custom_fields?: Record<string, unknown> | null; customers: Array<string>; description?: string | null; employee_count?: number | null; enrichment_sources?: Record<string, unknown> | null; founded_year?: number | null; full_technology_profile?: Record<string, unknown> | null; funding_details?: Record<string, unknown> | null; id: string; industry?: string | null; last_enriched_at?: string | null; linkedin_url?: string | null; location?: string | null; logo_url?: string | null; name: string; product_id?: string | null; recent_events: Array<Record<string, unknown>>; settings?: Record<string, unknown> | null; social_links?: Record<string, unknown> | null; technologies?: Array<string> | null; updated_at: string; version: number; website?: string | null }
/** How a rule chooses a member. */
export type ActionKind = 'person' | 'round_robin' | 'least_loaded'
export const actionKindValues = ['person', 'round_robin', 'least_loaded'] as const
/** What kind of thing was done. */
export type ActivityType = 'note' | 'call' | 'email' | 'meeting' | 'task'
export const activityTypeValues = ['note', 'call', 'email', 'meeting', 'task'] as const
/** An activity as it is shown. */
export type ActivityView = { account_id?: string | null; activity_type: ActivityType; assigned_to?: string | null; completed: boolean; contact_id?: string | null; created_at: string; created_by?: string | null; deal_id?: string | null; description: string; id: string; lead_id?: string | null; scheduled_at?: string | null; subject: string; updated_at: string; version: number }
/** Who made a change. */
export type Actor = { id: UserId; kind: 'user' } | { id: string; kind: 'api_key' } | { kind: 'service'; name: Service }
/** What an address says when it is looked at. */
export type AddressHint = { detail: string; status: string }
/** A new address of a key, which is not shown again. */
export type AddressView = { api_key_id: string; path: string; previous_until?: string | null; token: string; url?: string | null }
/** Kind of a key. */
export type ApiKeyKind = 'browser' | 'server'
export const apiKeyKindValues = ['browser', 'server'] as const
/** An API key as it is shown; never its text. */
export type ApiKeyView = { address_made_at?: string | null; allowed_origins: Array<string>; created_at: string; created_by?: string | null; duplicate_policy: DuplicatePolicy; expires_at?: string | null; id: string; kind: ApiKeyKind; last_used_at?: string | null; name: string; prefix: string; rate_limit?: number | null; revoked_at?: string | null; scopes: Array<string>; strict: boolean; updated_at: string; use_count: number; version: number }
/** Who is to have a lead. */
export type AssignLead = { user_id: string }
/** An assignment rule as it is shown. */
export type AssignmentRuleView = { action: RuleAction; catch_all: boolean; conditions?: Record<string, unknown> | null; created_at: string; created_by?: string | null; enabled: boolean; fall_through: boolean; id: string; name: string; position: number; updated_at: string; version: number }
/** The last time that rules were asked about a lead. */
export type AssignmentTraceView = { assigned_to?: string | null; cause?: string | null; decided_at?: string | null; lead_id: string; rule_id?: string | null; rules: Array<RuleTrace> }
/** One refused item of a batch. */
export type BatchFault = { errors: Array<FieldError>; index: number }
/** One stored item of a batch. */
export type BatchItem = { id: string; index: number; status: string; warnings?: Array<FieldError> }
/** A batch's outcome: good items are kept, bad ones named. */
export type BatchView = { created: Array<BatchItem>; errors: Array<BatchFault> }
/** A stage with its deals. */
export type BoardStage = StageView & { count: number; deals: Array<DealView>; totals: Array<Total> }
/** A pipeline with its deals. */
export type BoardView = { pipeline: PipelineView; stages: Array<BoardStage> }
/** The body of a bulk creation as the document has it: its items are what one creation takes. */
export type BulkCreate_WriteAccount = { items: Array<WriteAccount> }
/** The body of a bulk creation as the document has it: its items are what one creation takes. */
export type BulkCreate_WriteLead = { items: Array<WriteLead> }
/** One that was not added. */
export type BulkFault = { errors: Array<FieldError>; index: number }
/** What became of them. */
export type BulkView_LeadView = { created: Array<Shown_LeadView>; errors: Array<BulkFault> }
/** What became of them. */
export type BulkView_NewAccountView = { created: Array<Shown_NewAccountView>; errors: Array<BulkFault> }
/** A candidate of a rule. */
export type CandidateTrace = { chosen: boolean; eligible: boolean; open_leads?: number | null; reason: string; user_id: string }
/** A column of the file and what it was taken for. */
export type ColumnView = { confidence: number; distinct: number; field?: string | null; index: number; name: string; reason: string; samples: Array<string> }
/** A company and what the user is to it. */
export type CompanyView = { client_id: string; created_at: string; customer_since?: string | null; customer_status: CustomerStatus; id: string; name: string; tenant_id: TenantId; verified: boolean; verified_at?: string | null }
/** A contact as it is shown. */
export type ContactView = { account_id?: string | null; assigned_to?: string | null; created_at: string; created_by?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; first_name?: string | null; id: string; last_name?: string | null; lead_id?: string | null; linkedin_url?: string | null; notes?: string | null; phone?: string | null; role_title?: string | null; updated_at: string; version: number }
/** One part of a score. */
export type Contribution = { group: string; kind: string; points: number; reason: string; rule: string }
/** What a conversion made. */
export type ConversionView = { account?: Shown_AccountView | null; contact?: Shown_ContactView | null; deal: Shown_DealView; lead: LeadView }
/** How to make a deal of a lead. */
export type ConvertLead = { create_contact?: boolean | null; deal?: DealOfLead; pipeline_id?: string | null }
export type CreateImportForm = { assign?: string | null; charset?: string | null; consent_basis?: string | null; country?: string | null; date_order?: DatesBegin | null; decimal?: DecimalSign | null; delimiter?: string | null; duplicates?: ImportDuplicates | null; file: Blob; format?: FileFormat | null; heading_row?: number | null; mapping?: string; mode?: ImportMode | null; product_id?: string | null; run_rules?: boolean | null; sheet?: string | null; source?: LeadSource | null; source_key?: string | null; tag?: string | null; unmapped?: Unmapped | null; update_by?: UpdateBy | null; value_map?: string }
export const createImportFormLimits = { assign: { maxLength: 36 }, charset: { maxLength: 40 }, consent_basis: { maxLength: 500, minLength: 1 }, country: { maxLength: 2, minLength: 2 }, delimiter: { maxLength: 3 }, file: { format: 'binary', required: true }, heading_row: { minimum: 0, maximum: 1000 }, product_id: { format: 'uuid' }, sheet: { maxLength: 100 }, source_key: { maxLength: 50, minLength: 1 }, tag: { maxLength: 100, minLength: 1 } } as const
/** One stretch of a list read by cursor: no row twice and none skipped while others are added. */
export type CursorPage_EntryView = { next_cursor?: string | null; results: Array<{ actor?: Actor | null; at: string; changes: Record<string, unknown>; kind: string; title: string }> }
/** One stretch of a list read by cursor: no row twice and none skipped while others are added. */
export type CursorPage_LeadView = { next_cursor?: string | null; results: Array<{ account_id?: string | null; api_key_id?: string | null; assigned_to?: string | null; company_name?: string | null; consent?: Record<string, unknown> | null; converted_at?: string | null; converted_to_deal_id?: string | null; created_at: string; created_by?: string | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; enrichment_data?: Record<string, unknown> | null; enrichment_status: LeadEnrichmentStatus; estimated_value?: Money | null; first_name?: string | null; id: string; is_test: boolean; last_enriched_at?: string | null; last_name?: string | null; lead_reference_id?: string | null; linkedin_url?: string | null; notes?: string | null; persona?: Persona | null; phone?: string | null; product_id?: string | null; raw_payload?: Record<string, unknown> | null; role_title?: string | null; score?: number | null; score_breakdown?: Array<Contribution> | null; source: LeadSource; source_key: string; status: LeadStatus; submitted_at?: string | null; suggestion_status: SuggestionStatus; updated_at: string; utm?: Record<string, unknown> | null; version: number }> }
/** Whether business is done with a customer. */
export type CustomerStatus = 'active' | 'inactive' | 'blocked'
export const customerStatusValues = ['active', 'inactive', 'blocked'] as const
/** What kind of customer it is. */
export type CustomerType = 'individual' | 'business'
export const customerTypeValues = ['individual', 'business'] as const
/** A customer as it is shown. */
export type CustomerView = { account_manager_id?: string | null; address?: string | null; annual_revenue?: Money | null; city?: string | null; company_name?: string | null; company_size?: string | null; country?: string | null; created_at: string; created_by?: string | null; custom_fields?: Record<string, unknown> | null; customer_since?: string | null; customer_status: CustomerStatus; customer_type: CustomerType; email?: string | null; first_name?: string | null; id: string; industry?: string | null; last_name?: string | null; last_order_date?: string | null; lifetime_value?: Money | null; lifetime_values: Array<LifetimeValue>; name: string; notes?: string | null; phone?: string | null; preferences: Record<string, unknown>; stage?: string | null; tags: Array<string>; total_orders: number; updated_at: string; user_id?: string | null; verified: boolean; verified_at?: string | null; version: number }
/** Whether the day or the month comes first in dates. */
export type DatesBegin = 'day_first' | 'month_first'
export const datesBeginValues = ['day_first', 'month_first'] as const
/** A day of the week. */
export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
export const dayValues = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** A deal that is made of a lead; what is left out follows from the lead. */
export type DealOfLead = { assigned_to?: string | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; description?: string | null; expected_close_date?: string | null; priority?: DealPriority | null; stage_id?: string | null; title?: string | null; value?: string | number | null }
/** How much a deal matters. */
export type DealPriority = 'low' | 'medium' | 'high'
export const dealPriorityValues = ['low', 'medium', 'high'] as const
/** Whether a deal is being worked on, and how it ended. */
export type DealStatus = 'open' | 'won' | 'lost'
export const dealStatusValues = ['open', 'won', 'lost'] as const
/** A deal as it is shown. */
export type DealView = { account_id?: string | null; actual_close_date?: string | null; assigned_to?: string | null; company_name?: string | null; contact_email?: string | null; contact_id?: string | null; contact_name?: string | null; contact_phone?: string | null; created_at: string; created_by?: string | null; currency: string; custom_fields?: Record<string, unknown> | null; description?: string | null; expected_close_date?: string | null; id: string; lead_id?: string | null; lost_at?: string | null; lost_reason?: string | null; pipeline_id: string; priority: DealPriority; probability: number; stage_id: string; status: DealStatus; title: string; updated_at: string; value: Money; version: number; won_at?: string | null }
/** The sign between whole units and their fraction. */
export type DecimalSign = '.' | ','
export const decimalSignValues = ['.', ','] as const
/** A submission to be tried out. */
export type DryRun = { mapping?: WriteFormMapping | null; sent: Record<string, unknown> }
/** What would become of a submission. */
export type DryRunView = { errors: Array<FieldError>; guesses: Array<GuessView>; lead?: Record<string, unknown> | null; mapping: Record<string, unknown>; outcome: IngestOutcome; sender?: string | null }
/** Leads that seem to be the same person. */
export type DuplicateGroup = { leads: Array<LeadView>; reason: DuplicateReason; similarity: number }
/** Policy for a submission of a known person. */
export type DuplicatePolicy = 'attach' | 'update_empty' | 'create' | 'hold'
export const duplicatePolicyValues = ['attach', 'update_empty', 'create', 'hold'] as const
/** Why leads seem to be the same person. */
export type DuplicateReason = 'email' | 'phone' | 'linkedin_url' | 'name_and_company'
export const duplicateReasonValues = ['email', 'phone', 'linkedin_url', 'name_and_company'] as const
/** All groups that were found. */
export type DuplicatesView = { results: Array<DuplicateGroup> }
/** Company sizes, both ends included. */
export type Employees = { max?: number | null; min?: number | null }
/** The started jobs. */
export type EnrichmentStarted = { enrichment_jobs: Array<StartedJob> }
/** State of an enrichment. */
export type EnrichmentStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'skipped'
export const enrichmentStatusValues = ['pending', 'in_progress', 'completed', 'failed', 'skipped'] as const
/** A kind of enrichment. */
export type EnrichmentType = 'COMPANY_INFO' | 'GENERATE_LEADS' | 'LEAD_LINKEDIN_RESEARCH' | 'CUSTOM_COLUMN' | 'LEAD_INFO'
export const enrichmentTypeValues = ['COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_LINKEDIN_RESEARCH', 'CUSTOM_COLUMN', 'LEAD_INFO'] as const
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** Where the value of a field came from. */
export type FieldProvenance = { actor?: Record<string, unknown> | null; candidates: Array<Record<string, unknown>>; confidence?: number | null; cost?: string | null; field: string; job_id?: string | null; observed_at: string; pinned: boolean; previous?: Record<string, unknown> | null; provider?: Record<string, unknown> | null; source: string; value: Record<string, unknown> }
/** The format of a file. */
export type FileFormat = 'csv' | 'ndjson' | 'json' | 'xlsx' | 'vcard'
export const fileFormatValues = ['csv', 'ndjson', 'json', 'xlsx', 'vcard'] as const
/** Open deals of one owner that should close in one month. */
export type ForecastRow = { count: number; currency: string; month?: string | null; owner?: string | null; value: Money; weighted_value: Money }
/** The forecast: open value by month and owner. */
export type ForecastView = { results: Array<ForecastRow>; totals: Array<Total> }
/** A form mapping as it is shown. */
export type FormMappingView = { api_key_id: string; consent_required: boolean; created_at: string; created_by?: string | null; error_redirect_url?: string | null; fields: Record<string, unknown>; honeypot_field?: string | null; min_fill_seconds?: number | null; redirect_url?: string | null; started_field?: string | null; updated_at: string; version: number }
/** One stage of a funnel. */
export type FunnelStage = { current: number; kind: StageKind; name: string; order: number; reached: number; stage_id: string }
/** How far the deals of a pipeline have come. */
export type FunnelView = { lost: number; open: number; pipeline_id: string; stages: Array<FunnelStage>; total: number; win_rate?: number | null; won: number }
/** The account to find people of. */
export type GenerateLeads = { account_id: string; max?: number | null; titles?: Array<string> | null }
/** The started jobs. */
export type GenerationView = { account_id: string; enrichment_jobs: Array<StartedJob> }
/** A value of a submission, and what it seems to be. */
export type GuessView = { confidence: number; field?: string | null; name: string; path: string; reason: string; value: string }
/** How a member left. */
export type HandoverCause = 'inactive' | 'removed'
export const handoverCauseValues = ['inactive', 'removed'] as const
/** How far a handover is. */
export type HandoverStatus = 'pending' | 'returning' | 'done' | 'cancelled' | 'undone'
export const handoverStatusValues = ['pending', 'returning', 'done', 'cancelled', 'undone'] as const
/** A handover as it is shown. */
export type HandoverView = { cause: HandoverCause; contacts: number; created_at: string; customers: number; deals: number; done_at?: string | null; due_at?: string | null; id: string; leads: number; left_at: string; manager_id?: string | null; returned: number; status: HandoverStatus; tasks: number; updated_at: string; user_id: string; version: number }
/** The treatment of rows about known people. */
export type ImportDuplicates = 'skip' | 'attach' | 'update_empty' | 'update' | 'create'
export const importDuplicatesValues = ['skip', 'attach', 'update_empty', 'update', 'create'] as const
/** The use that is made of the file. */
export type ImportMode = 'commit' | 'validate' | 'preview'
export const importModeValues = ['commit', 'validate', 'preview'] as const
/** Settings of an import. What is left out is found out, or stays as it was. */
export type ImportSettings = { assign?: string | null; charset?: string | null; consent_basis?: string | null; country?: string | null; date_order?: DatesBegin | null; decimal?: DecimalSign | null; delimiter?: string | null; duplicates?: ImportDuplicates | null; format?: FileFormat | null; heading_row?: number | null; mapping?: Record<string, unknown> | null; mode?: ImportMode | null; product_id?: string | null; run_rules?: boolean | null; sheet?: string | null; source?: LeadSource | null; source_key?: string | null; tag?: string | null; unmapped?: Unmapped | null; update_by?: UpdateBy | null; value_map?: Record<string, unknown> | null }
/** The state of an import. */
export type ImportStatus = 'pending' | 'validating' | 'running' | 'completed' | 'completed_with_errors' | 'failed' | 'undone'
export const importStatusValues = ['pending', 'validating', 'running', 'completed', 'completed_with_errors', 'failed', 'undone'] as const
/** An import. */
export type ImportView = { created: number; created_at: string; created_by: string; duplicate_policy: ImportDuplicates; duplicates: number; error_file?: string | null; errors: number; expected?: Record<string, unknown> | null; failure?: string | null; file_name?: string | null; finished_at?: string | null; format: FileFormat; id: string; kept: number; mapping: Record<string, unknown>; mode: ImportMode; progress: number; rows_until?: string | null; status: ImportStatus; total: number; update_by?: UpdateBy | null; updated: number; updated_at: string; warned: number; warnings: Array<FieldError> }
/** Items of a batch. */
export type IngestBatch = { items: Array<Record<string, unknown>> }
/** A submission and what became of it. */
export type IngestEntryView = { api_key_id: string; created_at: string; errors?: Array<Record<string, unknown>> | null; id: string; lead_id?: string | null; mapping?: Record<string, unknown> | null; outcome: IngestOutcome; replayed_at?: string | null; reviewed_at?: string | null; reviewed_by?: string | null; sender?: string | null; sent: Record<string, unknown>; source_key?: string | null; status: IngestStatus; warnings?: Array<Record<string, unknown>> | null }
/** What became of a submission. */
export type IngestOutcome = 'created' | 'updated' | 'attached' | 'duplicate' | 'rejected' | 'quarantined'
export const ingestOutcomeValues = ['created', 'updated', 'attached', 'duplicate', 'rejected', 'quarantined'] as const
/** Whether a submission waits for a person. */
export type IngestStatus = 'held' | 'quarantined' | 'rejected' | 'done'
export const ingestStatusValues = ['held', 'quarantined', 'rejected', 'done'] as const
/** A submission's outcome. */
export type IngestView = { id: string; status: string; warnings?: Array<FieldError> }
/** What passed between the tenant and a customer. */
export type InteractionType = 'call' | 'email' | 'meeting' | 'support' | 'purchase' | 'inquiry'
export const interactionTypeValues = ['call', 'email', 'meeting', 'support', 'purchase', 'inquiry'] as const
/** An interaction as it is shown. */
export type InteractionView = { created_at: string; created_by?: string | null; customer_id: string; description?: string | null; id: string; interaction_type: InteractionType; sentiment?: Sentiment | null; subject: string; updated_at: string; user_id?: string | null; version: number }
/** How pressing an issue is. */
export type IssuePriority = 'low' | 'medium' | 'high' | 'urgent'
export const issuePriorityValues = ['low', 'medium', 'high', 'urgent'] as const
/** How far an issue is. */
export type IssueStatus = 'open' | 'in_progress' | 'resolved' | 'closed'
export const issueStatusValues = ['open', 'in_progress', 'resolved', 'closed'] as const
/** What kind of issue it is. */
export type IssueType = 'bug' | 'feature' | 'task'
export const issueTypeValues = ['bug', 'feature', 'task'] as const
/** An issue as it is shown. */
export type IssueView = { assigned_to?: string | null; contact_id?: string | null; created_at: string; created_by?: string | null; customer_id?: string | null; deal_id?: string | null; description?: string | null; github_issue_id?: number | null; id: string; issue_type: IssueType; priority: IssuePriority; resolved_at?: string | null; status: IssueStatus; title: string; updated_at: string; version: number }
/** One thing ordered, as it is shown. */
export type ItemView = { discount: Money; id: string; product_name: string; product_sku?: string | null; quantity: number; tax: Money; total_price: Money; unit_price: Money }
/** Which company to ask. */
export type JoinCompany = { client_id: string }
/** How far a lead's enrichment is. */
export type LeadEnrichmentStatus = 'pending' | 'processing' | 'completed' | 'failed'
export const leadEnrichmentStatusValues = ['pending', 'processing', 'completed', 'failed'] as const
/** Where a lead came from. */
export type LeadSource = 'manual' | 'import' | 'enrichment' | 'website' | 'facebook' | 'instagram' | 'whatsapp' | 'referral' | 'cold_call' | 'social_media' | 'event' | 'api' | 'other'
export const leadSourceValues = ['manual', 'import', 'enrichment', 'website', 'facebook', 'instagram', 'whatsapp', 'referral', 'cold_call', 'social_media', 'event', 'api', 'other'] as const
/** How far a lead has been worked. */
export type LeadStatus = 'new' | 'contacted' | 'qualified' | 'unqualified' | 'converted'
export const leadStatusValues = ['new', 'contacted', 'qualified', 'unqualified', 'converted'] as const
/** A lead as it is shown. */
export type LeadView = { account_id?: string | null; api_key_id?: string | null; assigned_to?: string | null; company_name?: string | null; consent?: Record<string, unknown> | null; converted_at?: string | null; converted_to_deal_id?: string | null; created_at: string; created_by?: string | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; enrichment_data?: Record<string, unknown> | null; enrichment_status: LeadEnrichmentStatus; estimated_value?: Money | null; first_name?: string | null; id: string; is_test: boolean; last_enriched_at?: string | null; last_name?: string | null; lead_reference_id?: string | null; linkedin_url?: string | null; notes?: string | null; persona?: Persona | null; phone?: string | null; product_id?: string | null; raw_payload?: Record<string, unknown> | null; role_title?: string | null; score?: number | null; score_breakdown?: Array<Contribution> | null; source: LeadSource; source_key: string; status: LeadStatus; submitted_at?: string | null; suggestion_status: SuggestionStatus; updated_at: string; utm?: Record<string, unknown> | null; version: number }
/** What a customer has ordered in one currency. */
export type LifetimeValue = { amount: Money; currency: string }
/** Why a deal is lost. */
export type LoseDeal = { lost_reason: string }
/** A reason for which deals were lost. */
export type LostReason = { count: number; reason?: string | null }
/** Which leads to merge. */
export type MergeLeads = { dry_run?: boolean; losers: Array<string>; winner: string }
/** What a merge made. */
export type MergeView = { fields: Array<MergedField>; lead: Shown_LeadView; merge_id?: string | null }
/** Where a field of the merged lead comes from. */
export type MergedField = { field: string; from: string; reason: string; value: Record<string, unknown> }
export type Money = string | number
/** Where to move a deal. */
export type MoveDeal = { lost_reason?: string | null; stage_id: string }
/** A new account with the enrichments that were started for it. */
export type NewAccountView = AccountView & { enrichment_jobs: Array<StartedJob> }
/** A new key with its text, which is not shown again. */
export type NewApiKeyView = NewApiKeyView_ApiKeyView | NewApiKeyView_Outline
/** A new key with its text, which is not shown again. */
export type NewApiKeyView_ApiKeyView = ApiKeyView & { key: string }
/** A new key with its text, which is not shown again. */
export type NewApiKeyView_Outline = Outline & { key: string }
/** How far an order is. */
export type OrderStatus = 'pending' | 'processing' | 'shipped' | 'delivered' | 'cancelled' | 'refunded'
export const orderStatusValues = ['pending', 'processing', 'shipped', 'delivered', 'cancelled', 'refunded'] as const
/** An order as it is shown. */
export type OrderView = { actual_delivery_date?: string | null; billing_address?: string | null; created_at: string; created_by?: string | null; currency: string; customer_id: string; description?: string | null; expected_delivery_date?: string | null; id: string; items: Array<ItemView>; notes?: string | null; order_date: string; order_number: string; payment_method?: string | null; payment_status: PaymentStatus; shipping_address?: string | null; status: OrderStatus; title: string; total_amount: Money; tracking_number?: string | null; updated_at: string; version: number }
/** The rules in their order. */
export type OrderedRules = { results: Array<Shown_AssignmentRuleView> }
/** A pipeline's stages in their order: all of them, in the form of a page. */
export type OrderedStages = { count: number; next?: string | null; previous?: string | null; results: Array<Shown_StageView> }
/** What an answer has of a record that its caller may not read. */
export type Outline = { id: string; version?: number | null }
/** One numbered page of a list. */
export type Page_CompanyView = { count?: number | null; next?: string | null; previous?: string | null; results: Array<{ client_id: string; created_at: string; customer_since?: string | null; customer_status: CustomerStatus; id: string; name: string; tenant_id: TenantId; verified: boolean; verified_at?: string | null }> }
/** One numbered page of a list. */
export type Page_OwnOrderView = { count?: number | null; next?: string | null; previous?: string | null; results: Array<{ actual_delivery_date?: string | null; billing_address?: string | null; client_id: string; company_name: string; currency: string; description?: string | null; expected_delivery_date?: string | null; id: string; items: Array<ItemView>; order_date: string; order_number: string; payment_method?: string | null; payment_status: PaymentStatus; shipping_address?: string | null; status: OrderStatus; title: string; total_amount: Money; tracking_number?: string | null }> }
/** Whether an order is paid. */
export type PaymentStatus = 'pending' | 'paid' | 'failed' | 'refunded'
export const paymentStatusValues = ['pending', 'paid', 'failed', 'refunded'] as const
/** The part a person plays in buying. */
export type Persona = 'buyer' | 'influencer' | 'end_user'
export const personaValues = ['buyer', 'influencer', 'end_user'] as const
/** Titles of the people a product concerns. */
export type PersonaRoleTitles = { buyers?: Array<string>; end_users?: Array<string>; influencers?: Array<string> }
/** A pipeline as it is shown. */
export type PipelineView = { created_at: string; created_by?: string | null; description?: string | null; id: string; is_active: boolean; is_default: boolean; name: string; updated_at: string; version: number }
/** A file as it was taken. */
export type PreviewView = { charset?: string | null; columns: Array<ColumnView>; delimiter?: string | null; fields: Array<string>; format: FileFormat; heading_row?: number | null; mode: ImportMode; rows_estimate?: number | null; settings: ImportSettings; sheet?: string | null; status: ImportStatus; warnings: Array<FieldError> }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
/** A product as it is shown. */
export type ProductView = { catalog_product_id?: string | null; created_at: string; created_by?: string | null; description: string; icp_description?: string | null; id: string; keywords: Array<string>; name: string; persona_role_titles: PersonaRoleTitles; playbook_description?: string | null; settings?: Record<string, unknown> | null; updated_at: string; version: number; website?: string | null }
/** Where one enriched field came from. */
export type Provenance = { confidence: number; fetched_at: string; field: string; previous_value?: Record<string, unknown> | null; provider: string; source_url?: string | null }
/** Where each value of a record came from. */
export type ProvenanceView = { results: Array<FieldProvenance> }
/** Target of a submission that waits. */
export type ReleaseSubmission = { as: string }
/** The new order of rules. */
export type ReorderRules = { rule_ids: Array<string> }
/** All of a pipeline's stages in their new order. */
export type ReorderStages = { stage_ids: Array<string> }
/** A walk through the tenant's leads. */
export type RescoringView = { changed: number; finished_at?: string | null; requested_at?: string | null; status: string; visited: number }
/** Pages of the person's that the caller has seen. Without any, the profile's address must be known. */
export type ResearchLead = { comments_html?: string | null; posts_html?: string | null; reactions_html?: string | null }
/** The started jobs. */
export type ResearchView = { enrichment_jobs: Array<StartedJob>; lead_id: string }
/** The outcome of a row. */
export type RowResult = 'created' | 'updated' | 'duplicate' | 'error'
export const rowResultValues = ['created', 'updated', 'duplicate', 'error'] as const
/** A row of an import and what became of it. */
export type RowView = { errors: Array<FieldError>; lead_id?: string | null; line?: number | null; matched_by?: string | null; outcome: string; row: number; warnings: Array<FieldError> }
/** Rows of an import. */
export type RowsView = { count: number; next?: string | null; previous?: string | null; results: Array<RowView> }
/** The action of a rule. */
export type RuleAction = { kind: ActionKind; members?: Array<TeamMember>; user_id?: string | null }
/** A rule and what it came to. */
export type RuleTrace = { candidates: Array<CandidateTrace>; matched?: boolean | null; name: string; outcome: string; reason: string; rule_id: string }
/** What points speak of. */
export type ScoreKind = 'fit' | 'engagement'
export const scoreKindValues = ['fit', 'engagement'] as const
/** A score, explained. */
export type ScoreView = { at: string; engagement: number; fit: number; lead_id: string; persona?: Persona | null; score?: number | null; score_breakdown: Array<Contribution> }
/** Rules that are added up and bounded together. */
export type ScoringGroup = { half_life_days?: number | null; kind: ScoreKind; max_points?: number | null; min_points?: number | null; name: string }
/** A scoring model as it is shown. */
export type ScoringModelView = { created_at: string; created_by?: string | null; enabled: boolean; groups: Array<ScoringGroup>; id: string; name: string; product_id?: string | null; rules: Array<ScoringRule>; updated_at: string; version: number }
/** Points for what holds of a lead. */
export type ScoringRule = { group: string; name: string; points: number; when: ScoringTest }
/** What a rule looks at: exactly one of these. */
export type ScoringTest = { employees?: Employees | null; engagement?: Array<string> | null; industry?: Array<string> | null; keywords?: Array<string> | null; matches?: Record<string, unknown> | null; persona?: Array<Persona> | null }
/** Which rows of a list, in what order. */
export type Search = { cursor?: string | null; ordering?: string | null; page_size?: number | null; where?: Record<string, unknown> | null }
/** A segment as it is shown. */
export type SegmentView = { created_at: string; created_by?: string | null; criteria: Record<string, unknown>; description?: string | null; id: string; member_count?: number | null; name: string; updated_at: string; version: number }
/** How a customer felt. */
export type Sentiment = 'positive' | 'neutral' | 'negative'
export const sentimentValues = ['positive', 'neutral', 'negative'] as const
/** One of the platform's processes. */
export type Service = 'gateway' | 'auth' | 'tenant' | 'lead' | 'enrichment' | 'integration'
export const serviceValues = ['gateway', 'auth', 'tenant', 'lead', 'enrichment', 'integration'] as const
/** Where an order shall be next. */
export type SetStatus = { status: OrderStatus; tracking_number?: string | null }
/** A stretch of working time on some days. */
export type Shift = { days: Array<Day>; from: string; until: string }
export type Shown_AccountView = AccountView | Outline
export type Shown_ActivityView = ActivityView | Outline
export type Shown_ApiKeyView = ApiKeyView | Outline
export type Shown_AssignmentRuleView = AssignmentRuleView | Outline
export type Shown_ContactView = ContactView | Outline
export type Shown_CustomerView = CustomerView | Outline
export type Shown_DealView = DealView | Outline
export type Shown_FormMappingView = FormMappingView | Outline
export type Shown_HandoverView = HandoverView | Outline
export type Shown_IngestEntryView = IngestEntryView | Outline
export type Shown_InteractionView = InteractionView | Outline
export type Shown_IssueView = IssueView | Outline
export type Shown_LeadView = LeadView | Outline
export type Shown_NewAccountView = NewAccountView | Outline
export type Shown_OrderView = OrderView | Outline
export type Shown_PipelineView = PipelineView | Outline
export type Shown_ProductView = ProductView | Outline
export type Shown_ScoringModelView = ScoringModelView | Outline
export type Shown_SegmentView = SegmentView | Outline
export type Shown_StageView = StageView | Outline
export type Shown_TagView = TagView | Outline
export type Shown_TaskView = TaskView | Outline
/** A lead that there might be. */
export type SimulateAssignment = { at?: string | null; lead: WriteLead }
/** What would become of it. */
export type SimulatedAssignment = { assigned_to?: string | null; persona?: Persona | null; rule_id?: string | null; rules: Array<RuleTrace>; score?: number | null; score_breakdown?: Array<Contribution> | null }
/** What it means for a deal to be in a stage. */
export type StageKind = 'open' | 'won' | 'lost'
export const stageKindValues = ['open', 'won', 'lost'] as const
/** A stage as it is shown. */
export type StageView = { created_at: string; created_by?: string | null; id: string; is_active: boolean; kind: StageKind; name: string; order: number; pipeline_id: string; probability: number; updated_at: string; version: number }
/** A job that was started. Those of a new account travel in its creation event under `enrichment_jobs`. */
export type StartedJob = { job_id: string; type: EnrichmentType }
/** The kinds of things that something may be about. */
export type Subject = 'lead' | 'account' | 'contact' | 'deal' | 'product' | 'customer' | 'order' | 'issue'
export const subjectValues = ['lead', 'account', 'contact', 'deal', 'product', 'customer', 'order', 'issue'] as const
/** Fields are recognised by their names and values, in nested documents too, and normalised; everything else is kept in raw_payload. A list holds up to 1,000 submissions and is answered like a batch. */
export type SubmitLeadBody = { account_id?: string; assigned_to?: string; company_name?: string; consent?: Record<string, unknown>; custom_fields?: Record<string, unknown>; email?: string; first_name?: string; is_test?: boolean; last_name?: string; lead_reference_id?: string; linkedin_url?: string; name?: string; notes?: string; phone?: string; product_id?: string; role_title?: string; source?: string; status?: string; submitted_at?: string; tags?: Array<string>; utm?: Record<string, unknown> }
/** Fields are recognised by their names and values, in nested documents too, and normalised; everything else is kept in raw_payload. A list holds up to 1,000 submissions and is answered like a batch. */
export type SubmitLeadToAddressBody = { account_id?: string; assigned_to?: string; company_name?: string; consent?: Record<string, unknown>; custom_fields?: Record<string, unknown>; email?: string; first_name?: string; is_test?: boolean; last_name?: string; lead_reference_id?: string; linkedin_url?: string; name?: string; notes?: string; phone?: string; product_id?: string; role_title?: string; source?: string; status?: string; submitted_at?: string; tags?: Array<string>; utm?: Record<string, unknown> }
/** Fields are recognised by their names and values, in nested documents too, and normalised; everything else is kept in raw_payload. A list holds up to 1,000 submissions and is answered like a batch. */
export type SubmitLeadV2Body = { account_id?: string; assigned_to?: string; company_name?: string; consent?: Record<string, unknown>; custom_fields?: Record<string, unknown>; email?: string; first_name?: string; is_test?: boolean; last_name?: string; lead_reference_id?: string; linkedin_url?: string; name?: string; notes?: string; phone?: string; product_id?: string; role_title?: string; source?: string; status?: string; submitted_at?: string; tags?: Array<string>; utm?: Record<string, unknown> }
/** What became of a suggested lead. */
export type SuggestionStatus = 'suggested' | 'approved' | 'rejected' | 'manual'
export const suggestionStatusValues = ['suggested', 'approved', 'rejected', 'manual'] as const
/** A tag as it is shown. */
export type TagView = { color: string; created_at: string; created_by?: string | null; id: string; name: string; updated_at: string; version: number }
/** How urgent a task is. */
export type TaskPriority = 'low' | 'medium' | 'high' | 'urgent'
export const taskPriorityValues = ['low', 'medium', 'high', 'urgent'] as const
/** How far a task is. */
export type TaskStatus = 'open' | 'in_progress' | 'done' | 'cancelled'
export const taskStatusValues = ['open', 'in_progress', 'done', 'cancelled'] as const
/** A task as it is shown. */
export type TaskView = { assigned_to?: string | null; completed_at?: string | null; created_at: string; created_by?: string | null; description?: string | null; due_at?: string | null; entity_id?: string | null; entity_type?: Subject | null; id: string; priority: TaskPriority; status: TaskStatus; title: string; updated_at: string; version: number }
/** A member who may be assigned leads. */
export type TeamMember = { capacity?: number | null; out_of_office?: Array<Absence>; user_id: string; weight?: number; working_hours?: WorkingHours | null }
/** A tenant: one organisation, isolated from every other. */
export type TenantId = string
/** A sum of deals in one currency. */
export type Total = { count: number; currency: string; value: Money; weighted_value: Money }
/** What the undoing of a merge made. */
export type UndoneMergeView = { lead: Shown_LeadView; merge_id: string; restored: Array<Shown_LeadView> }
/** The treatment of columns that the mapping does not name. */
export type Unmapped = 'guess' | 'keep'
export const unmappedValues = ['guess', 'keep'] as const
/** By what a row finds the lead that it updates. */
export type UpdateBy = 'email' | 'external_id'
export const updateByValues = ['email', 'external_id'] as const
/** What was done. */
export type UpsertView = { id: string; outcome: string }
/** A person who signs in. */
export type UserId = string
/** Deals that ended. */
export type WinRate = { days_to_win?: number | null; lost: number; win_rate?: number | null; won: number }
/** Deals of one owner that ended in one month. */
export type WinRateRow = WinRate & { month: string; owner?: string | null }
/** How many of the deals that ended were won. */
export type WinRateView = { lost_reasons: Array<LostReason>; results: Array<WinRateRow>; total: WinRate }
/** Working hours. */
export type WorkingHours = { shifts: Array<Shift>; time_zone: string }
/** An account as it is written. */
export type WriteAccount = { company_type?: string | null; competitors?: Array<string>; contact_email?: string | null; contact_phone?: string | null; custom_fields?: Record<string, unknown> | null; customers?: Array<string>; description?: string | null; employee_count?: number | null; founded_year?: number | null; full_technology_profile?: Record<string, unknown> | null; funding_details?: Record<string, unknown> | null; industry?: string | null; linkedin_url?: string | null; location?: string | null; logo_url?: string | null; name: string; product_id: string | null; settings?: Record<string, unknown> | null; social_links?: Record<string, unknown> | null; technologies?: Array<string> | null; website?: string | null }
export const writeAccountLimits = { company_type: { maxLength: 100 }, contact_email: { format: 'email' }, contact_phone: { maxLength: 50 }, description: { maxLength: 20000 }, employee_count: { minimum: 0 }, founded_year: { minimum: 1000, maximum: 2200 }, industry: { maxLength: 255 }, linkedin_url: { maxLength: 500, format: 'linkedin-url' }, location: { maxLength: 255 }, logo_url: { maxLength: 500, format: 'uri' }, name: { maxLength: 255, minLength: 1, required: true }, product_id: { format: 'uuid', required: true }, website: { maxLength: 500, format: 'uri' } } as const
/** An account as it is written. */
export type WriteAccountPatch = { company_type?: string | null; competitors?: Array<string>; contact_email?: string | null; contact_phone?: string | null; custom_fields?: Record<string, unknown> | null; customers?: Array<string>; description?: string | null; employee_count?: number | null; founded_year?: number | null; full_technology_profile?: Record<string, unknown> | null; funding_details?: Record<string, unknown> | null; industry?: string | null; linkedin_url?: string | null; location?: string | null; logo_url?: string | null; name?: string; product_id?: string | null; settings?: Record<string, unknown> | null; social_links?: Record<string, unknown> | null; technologies?: Array<string> | null; website?: string | null }
/** An activity as it is written. */
export type WriteActivity = { account_id?: string | null; activity_type: ActivityType; assigned_to?: string | null; completed?: boolean; contact_id?: string | null; deal_id?: string | null; description?: string | null; lead_id?: string | null; scheduled_at?: string | null; subject: string }
export const writeActivityLimits = { account_id: { format: 'uuid' }, activity_type: { required: true }, assigned_to: { format: 'uuid' }, contact_id: { format: 'uuid' }, deal_id: { format: 'uuid' }, description: { maxLength: 50000 }, lead_id: { format: 'uuid' }, scheduled_at: { format: 'date-time' }, subject: { maxLength: 255, minLength: 1, required: true } } as const
/** An activity as it is written. */
export type WriteActivityPatch = { account_id?: string | null; activity_type?: ActivityType; assigned_to?: string | null; completed?: boolean; contact_id?: string | null; deal_id?: string | null; description?: string | null; lead_id?: string | null; scheduled_at?: string | null; subject?: string }
/** An API key as it is written. */
export type WriteApiKey = { allowed_origins?: Array<string>; duplicate_policy?: DuplicatePolicy | null; expires_at?: string | null; kind?: ApiKeyKind | null; name: string; rate_limit?: number | null; scopes?: Array<string> | null; strict?: boolean }
export const writeApiKeyLimits = { expires_at: { format: 'date-time' }, name: { maxLength: 100, minLength: 1, required: true }, rate_limit: { minimum: 1, maximum: 100000 } } as const
/** An API key as it is written. */
export type WriteApiKeyPatch = { allowed_origins?: Array<string>; duplicate_policy?: DuplicatePolicy | null; expires_at?: string | null; kind?: ApiKeyKind | null; name?: string; rate_limit?: number | null; scopes?: Array<string> | null; strict?: boolean }
/** An assignment rule as it is written. */
export type WriteAssignmentRule = { action: RuleAction; catch_all?: boolean; conditions?: Record<string, unknown> | null; enabled?: boolean; fall_through?: boolean; name: string; position?: number | null }
export const writeAssignmentRuleLimits = { action: { required: true }, name: { maxLength: 255, minLength: 1, required: true }, position: { minimum: 1, maximum: 1000000 } } as const
/** An assignment rule as it is written. */
export type WriteAssignmentRulePatch = { action?: RuleAction; catch_all?: boolean; conditions?: Record<string, unknown> | null; enabled?: boolean; fall_through?: boolean; name?: string; position?: number | null }
/** A contact as it is written. */
export type WriteContact = { account_id?: string | null; assigned_to?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; first_name?: string | null; last_name?: string | null; lead_id?: string | null; linkedin_url?: string | null; notes?: string | null; phone?: string | null; role_title?: string | null }
export const writeContactLimits = { account_id: { format: 'uuid' }, assigned_to: { format: 'uuid' }, email: { format: 'email' }, first_name: { maxLength: 100 }, last_name: { maxLength: 100 }, lead_id: { format: 'uuid' }, linkedin_url: { maxLength: 500, format: 'linkedin-url' }, notes: { maxLength: 20000 }, phone: { maxLength: 50 }, role_title: { maxLength: 255 } } as const
/** A contact as it is written. */
export type WriteContactPatch = { account_id?: string | null; assigned_to?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; first_name?: string | null; last_name?: string | null; lead_id?: string | null; linkedin_url?: string | null; notes?: string | null; phone?: string | null; role_title?: string | null }
/** A customer as it is written. */
export type WriteCustomer = { account_manager_id?: string | null; address?: string | null; annual_revenue?: string | number | null; city?: string | null; company_name?: string | null; company_size?: string | null; country?: string | null; custom_fields?: Record<string, unknown> | null; customer_status?: CustomerStatus | null; customer_type?: CustomerType | null; email?: string | null; first_name?: string | null; industry?: string | null; last_name?: string | null; name?: string | null; notes?: string | null; phone?: string | null; preferences?: Record<string, unknown> | null; stage?: string | null; tags?: Array<string>; user_id?: string | null }
export const writeCustomerLimits = { account_manager_id: { format: 'uuid' }, address: { maxLength: 2000 }, annual_revenue: { minimum: 0, format: 'money' }, city: { maxLength: 100 }, company_name: { maxLength: 255 }, company_size: { maxLength: 50 }, country: { maxLength: 100 }, email: { format: 'email' }, first_name: { maxLength: 100 }, industry: { maxLength: 100 }, last_name: { maxLength: 100 }, name: { maxLength: 255 }, notes: { maxLength: 20000 }, phone: { maxLength: 50 }, stage: { maxLength: 50 }, user_id: { format: 'uuid' } } as const
/** A customer as it is written. */
export type WriteCustomerPatch = { account_manager_id?: string | null; address?: string | null; annual_revenue?: string | number | null; city?: string | null; company_name?: string | null; company_size?: string | null; country?: string | null; custom_fields?: Record<string, unknown> | null; customer_status?: CustomerStatus | null; customer_type?: CustomerType | null; email?: string | null; first_name?: string | null; industry?: string | null; last_name?: string | null; name?: string | null; notes?: string | null; phone?: string | null; preferences?: Record<string, unknown> | null; stage?: string | null; tags?: Array<string>; user_id?: string | null }
/** A deal as it is written. How it stands (status, probability, won and lost) follows from its stage. */
export type WriteDeal = { account_id?: string | null; assigned_to?: string | null; company_name?: string | null; contact_email?: string | null; contact_id?: string | null; contact_name?: string | null; contact_phone?: string | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; description?: string | null; expected_close_date?: string | null; lead_id?: string | null; pipeline_id?: string | null; priority?: DealPriority | null; stage_id?: string | null; title: string; value?: string | number | null }
export const writeDealLimits = { account_id: { format: 'uuid' }, assigned_to: { format: 'uuid' }, company_name: { maxLength: 255 }, contact_email: { format: 'email' }, contact_id: { format: 'uuid' }, contact_name: { maxLength: 255 }, contact_phone: { maxLength: 50 }, currency: { maxLength: 3, minLength: 3, format: 'currency' }, description: { maxLength: 20000 }, expected_close_date: { format: 'date' }, lead_id: { format: 'uuid' }, pipeline_id: { format: 'uuid' }, stage_id: { format: 'uuid' }, title: { maxLength: 255, minLength: 1, required: true }, value: { minimum: 0, format: 'money' } } as const
/** A deal as it is written. How it stands (status, probability, won and lost) follows from its stage. */
export type WriteDealPatch = { account_id?: string | null; assigned_to?: string | null; company_name?: string | null; contact_email?: string | null; contact_id?: string | null; contact_name?: string | null; contact_phone?: string | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; description?: string | null; expected_close_date?: string | null; lead_id?: string | null; pipeline_id?: string | null; priority?: DealPriority | null; stage_id?: string | null; title?: string; value?: string | number | null }
/** A form mapping as it is written. */
export type WriteFormMapping = { consent_required?: boolean; error_redirect_url?: string | null; fields?: Record<string, unknown>; honeypot_field?: string | null; min_fill_seconds?: number | null; redirect_url?: string | null; started_field?: string | null }
export const writeFormMappingLimits = { error_redirect_url: { maxLength: 500, format: 'uri' }, honeypot_field: { maxLength: 100, minLength: 1 }, min_fill_seconds: { minimum: 1, maximum: 3600 }, redirect_url: { maxLength: 500, format: 'uri' }, started_field: { maxLength: 100, minLength: 1 } } as const
/** An interaction as it is written. */
export type WriteInteraction = { customer_id: string; description?: string | null; interaction_type: InteractionType; sentiment?: Sentiment | null; subject: string }
export const writeInteractionLimits = { customer_id: { format: 'uuid', required: true }, description: { maxLength: 20000 }, interaction_type: { required: true }, subject: { maxLength: 255, minLength: 1, required: true } } as const
/** An interaction as it is written. */
export type WriteInteractionPatch = { customer_id?: string; description?: string | null; interaction_type?: InteractionType; sentiment?: Sentiment | null; subject?: string }
/** An issue as it is written. */
export type WriteIssue = { assigned_to?: string | null; contact_id?: string | null; customer_id?: string | null; deal_id?: string | null; description?: string | null; issue_type?: IssueType | null; priority?: IssuePriority | null; status?: IssueStatus | null; title: string }
export const writeIssueLimits = { assigned_to: { format: 'uuid' }, contact_id: { format: 'uuid' }, customer_id: { format: 'uuid' }, deal_id: { format: 'uuid' }, description: { maxLength: 50000 }, title: { maxLength: 255, minLength: 1, required: true } } as const
/** An issue as it is written. */
export type WriteIssuePatch = { assigned_to?: string | null; contact_id?: string | null; customer_id?: string | null; deal_id?: string | null; description?: string | null; issue_type?: IssueType | null; priority?: IssuePriority | null; status?: IssueStatus | null; title?: string }
/** One thing ordered, as it is written. */
export type WriteItem = { discount?: string | number | null; product_name: string; product_sku?: string | null; quantity: number; tax?: string | number | null; unit_price: string | number }
export const writeItemLimits = { discount: { minimum: 0, format: 'money' }, product_name: { maxLength: 255, minLength: 1, required: true }, product_sku: { maxLength: 100 }, quantity: { minimum: 1, maximum: 1000000000, required: true }, tax: { minimum: 0, format: 'money' }, unit_price: { minimum: 0, format: 'money', required: true } } as const
/** A lead as it is written. */
export type WriteLead = { account_id?: string | null; assigned_to?: string | null; company_name?: string | null; consent?: Record<string, unknown> | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; estimated_value?: Money | null; first_name?: string | null; last_name?: string | null; lead_reference_id?: string | null; linkedin_url?: string | null; notes?: string | null; persona?: Persona | null; phone?: string | null; product_id?: string | null; role_title?: string | null; score?: number | null; source?: LeadSource | null; status?: LeadStatus | null; suggestion_status?: SuggestionStatus | null; utm?: Record<string, unknown> | null }
export const writeLeadLimits = { account_id: { format: 'uuid' }, assigned_to: { format: 'uuid' }, company_name: { maxLength: 255 }, currency: { maxLength: 3, minLength: 3, format: 'currency' }, email: { format: 'email' }, first_name: { maxLength: 100 }, last_name: { maxLength: 100 }, lead_reference_id: { maxLength: 255 }, linkedin_url: { maxLength: 500, format: 'linkedin-url' }, notes: { maxLength: 20000 }, phone: { maxLength: 50 }, product_id: { format: 'uuid' }, role_title: { maxLength: 255 } } as const
/** A lead as it is written. */
export type WriteLeadPatch = { account_id?: string | null; assigned_to?: string | null; company_name?: string | null; consent?: Record<string, unknown> | null; currency?: string | null; custom_fields?: Record<string, unknown> | null; email?: string | null; estimated_value?: Money | null; first_name?: string | null; last_name?: string | null; lead_reference_id?: string | null; linkedin_url?: string | null; notes?: string | null; persona?: Persona | null; phone?: string | null; product_id?: string | null; role_title?: string | null; score?: number | null; source?: LeadSource | null; status?: LeadStatus | null; suggestion_status?: SuggestionStatus | null; utm?: Record<string, unknown> | null }
/** An order as it is written. */
export type WriteOrder = { actual_delivery_date?: string | null; billing_address?: string | null; currency?: string | null; customer_id: string; description?: string | null; expected_delivery_date?: string | null; items: Array<WriteItem>; notes?: string | null; order_date?: string | null; order_number?: string | null; payment_method?: string | null; payment_status?: PaymentStatus | null; shipping_address?: string | null; title?: string | null; tracking_number?: string | null }
export const writeOrderLimits = { actual_delivery_date: { format: 'date' }, billing_address: { maxLength: 2000 }, currency: { maxLength: 3, minLength: 3, format: 'currency' }, customer_id: { format: 'uuid', required: true }, description: { maxLength: 20000 }, expected_delivery_date: { format: 'date' }, items: { required: true }, notes: { maxLength: 20000 }, order_date: { format: 'date-time' }, order_number: { maxLength: 50 }, payment_method: { maxLength: 50 }, shipping_address: { maxLength: 2000 }, title: { maxLength: 255 }, tracking_number: { maxLength: 100 } } as const
/** An order as it is written. */
export type WriteOrderPatch = { actual_delivery_date?: string | null; billing_address?: string | null; currency?: string | null; customer_id?: string; description?: string | null; expected_delivery_date?: string | null; items?: Array<WriteItem>; notes?: string | null; order_date?: string | null; order_number?: string | null; payment_method?: string | null; payment_status?: PaymentStatus | null; shipping_address?: string | null; title?: string | null; tracking_number?: string | null }
/** A pipeline as it is written. */
export type WritePipeline = { description?: string | null; is_active?: boolean | null; is_default?: boolean; name: string }
export const writePipelineLimits = { description: { maxLength: 20000 }, name: { maxLength: 255, minLength: 1, required: true } } as const
/** A pipeline as it is written. */
export type WritePipelinePatch = { description?: string | null; is_active?: boolean | null; is_default?: boolean; name?: string }
/** A product as it is written. */
export type WriteProduct = { catalog_product_id?: string | null; description: string; icp_description?: string | null; keywords?: Array<string>; name: string; persona_role_titles?: PersonaRoleTitles; playbook_description?: string | null; settings?: Record<string, unknown> | null; website?: string | null }
export const writeProductLimits = { catalog_product_id: { format: 'uuid' }, description: { maxLength: 20000, minLength: 1, required: true }, icp_description: { maxLength: 20000 }, name: { maxLength: 255, minLength: 1, required: true }, playbook_description: { maxLength: 50000 }, website: { maxLength: 200, format: 'uri' } } as const
/** A product as it is written. */
export type WriteProductPatch = { catalog_product_id?: string | null; description?: string; icp_description?: string | null; keywords?: Array<string>; name?: string; persona_role_titles?: PersonaRoleTitles; playbook_description?: string | null; settings?: Record<string, unknown> | null; website?: string | null }
/** A scoring model as it is written. */
export type WriteScoringModel = { enabled?: boolean; groups?: Array<ScoringGroup>; name: string; product_id?: string | null; rules?: Array<ScoringRule> }
export const writeScoringModelLimits = { name: { maxLength: 255, minLength: 1, required: true }, product_id: { format: 'uuid' } } as const
/** A scoring model as it is written. */
export type WriteScoringModelPatch = { enabled?: boolean; groups?: Array<ScoringGroup>; name?: string; product_id?: string | null; rules?: Array<ScoringRule> }
/** A segment as it is written. */
export type WriteSegment = { criteria?: Record<string, unknown> | null; description?: string | null; name: string }
export const writeSegmentLimits = { description: { maxLength: 5000 }, name: { maxLength: 100, minLength: 1, required: true } } as const
/** A segment as it is written. */
export type WriteSegmentPatch = { criteria?: Record<string, unknown> | null; description?: string | null; name?: string }
/** A stage as it is written. */
export type WriteStage = { is_active?: boolean | null; kind?: StageKind | null; name: string; order?: number | null; probability?: number | null }
export const writeStageLimits = { name: { maxLength: 120, minLength: 1, required: true }, order: { minimum: 0, maximum: 100000 }, probability: { minimum: 0, maximum: 100 } } as const
/** A stage as it is written. */
export type WriteStagePatch = { is_active?: boolean | null; kind?: StageKind | null; name?: string; order?: number | null; probability?: number | null }
/** A tag as it is written. */
export type WriteTag = { color?: string | null; name: string }
export const writeTagLimits = { color: { maxLength: 7 }, name: { maxLength: 50, minLength: 1, required: true } } as const
/** A tag as it is written. */
export type WriteTagPatch = { color?: string | null; name?: string }
/** A task as it is written. */
export type WriteTask = { assigned_to?: string | null; description?: string | null; due_at?: string | null; entity_id?: string | null; entity_type?: Subject | null; priority?: TaskPriority | null; status?: TaskStatus | null; title: string }
export const writeTaskLimits = { assigned_to: { format: 'uuid' }, description: { maxLength: 20000 }, due_at: { format: 'date-time' }, entity_id: { format: 'uuid' }, title: { maxLength: 255, minLength: 1, required: true } } as const
/** A task as it is written. */
export type WriteTaskPatch = { assigned_to?: string | null; description?: string | null; due_at?: string | null; entity_id?: string | null; entity_type?: Subject | null; priority?: TaskPriority | null; status?: TaskStatus | null; title?: string }
