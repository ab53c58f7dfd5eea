// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './enrichment.schema'
export const listAccountColumnValuesListing = { filters: { id: ['eq', 'in', 'isnull'], column_id: ['eq', 'in', 'isnull'], account_id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], value_string: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], value_boolean: ['eq', 'in', 'isnull'], value_number: ['eq', 'in', 'gte', 'lte', 'isnull'], confidence_score: ['eq', 'in', 'gte', 'lte', 'isnull'], stale: ['eq', 'in', 'isnull'], pinned: ['eq', 'in', 'isnull'], generated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'column_id', 'account_id', 'status', 'value_string', 'value_boolean', 'value_number', 'confidence_score', 'stale', 'pinned', 'generated_at', 'created_at', 'updated_at'], fields: ['account_id', 'column_id', 'confidence_score', 'cost', 'created_at', 'error_details', 'evidence', 'generated_at', 'generation_metadata', 'id', 'input_hash', 'last_error', 'model', 'pinned', 'prompt_version', 'stale', 'status', 'tokens_in', 'tokens_out', 'updated_at', 'value', 'value_boolean', 'value_json', 'value_number', 'value_string', 'version'] } as const
/** List answers about accounts. */
export const listAccountColumnValues: Operation<never, ListQuery<typeof listAccountColumnValuesListing>, undefined, ListOf<S.AccountCellView>> = { method: 'GET', path: '/api/v2/account_column_values', permission: 'enrichment:read' }
/** Write an answer about an account. */
export const updateAccountColumnValue: Operation<'id', undefined, S.WriteCell, S.Shown_AccountCellView> = { method: 'PATCH', path: '/api/v2/account_column_values/{id}', permission: 'accounts:update' }
export const listCustomColumnsListing = { filters: { id: ['eq', 'in', 'isnull'], product_id: ['eq', 'in', 'isnull'], entity_type: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], response_type: ['eq', 'in', 'isnull'], is_active: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'product_id', 'entity_type', 'name', 'response_type', 'is_active', 'created_by', 'created_at', 'updated_at'], fields: ['ai_config', 'context_type', 'created_at', 'created_by', 'description', 'entity_type', 'id', 'is_active', 'max_cost_per_run', 'name', 'product_id', 'prompt_version', 'question', 'response_config', 'response_type', 'run_if', 'updated_at', 'version'] } as const
/** List custom columns. */
export const listCustomColumns: Operation<never, ListQuery<typeof listCustomColumnsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.CustomColumnView> }> = { method: 'GET', path: '/api/v2/custom_columns', permission: 'enrichment:read' }
/** Create a custom column. */
export const createCustomColumn: Operation<never, undefined, S.WriteColumn, S.Shown_CustomColumnView> = { method: 'POST', path: '/api/v2/custom_columns', permission: 'custom_columns:manage' }
/** Delete a custom column. */
export const deleteCustomColumn: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/custom_columns/{id}', permission: 'custom_columns:manage' }
/** Get a custom column. */
export const getCustomColumn: Operation<'id', undefined, undefined, S.CustomColumnView> = { method: 'GET', path: '/api/v2/custom_columns/{id}', permission: 'enrichment:read' }
/** Update a custom column. */
export const updateCustomColumn: Operation<'id', undefined, S.WriteColumnPatch, S.Shown_CustomColumnView> = { method: 'PATCH', path: '/api/v2/custom_columns/{id}', permission: 'custom_columns:manage' }
/** Replace a custom column. */
export const replaceCustomColumn: Operation<'id', undefined, S.WriteColumn, S.Shown_CustomColumnView> = { method: 'PUT', path: '/api/v2/custom_columns/{id}', permission: 'custom_columns:manage' }
/** Fill a custom column again. */
export const forceRefreshCustomColumn: Operation<'id', undefined, S.GenerateValues, S.RunStarted> = { method: 'POST', path: '/api/v2/custom_columns/{id}/force_refresh', permission: 'enrichment:run' }
/** Fill a custom column. */
export const generateCustomColumnValues: Operation<'id', undefined, S.GenerateValues, S.RunStarted> = { method: 'POST', path: '/api/v2/custom_columns/{id}/generate_values', permission: 'enrichment:run' }
/** Restore a deleted custom column. */
export const restoreCustomColumn: Operation<'id', undefined, undefined, S.Shown_CustomColumnView> = { method: 'POST', path: '/api/v2/custom_columns/{id}/restore', permission: 'custom_columns:manage' }
/** Try a custom column on a few records. */
export const sampleCustomColumn: Operation<'id', undefined, S.SampleColumn, S.SampleView> = { method: 'POST', path: '/api/v2/custom_columns/{id}/sample', permission: 'enrichment:run' }
export const listEnrichmentJobsListing = { filters: { id: ['eq', 'in', 'isnull'], type: ['eq', 'in', 'isnull'], subject_type: ['eq', 'in', 'isnull'], subject_id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], attempts: ['eq', 'in', 'gte', 'lte', 'isnull'], next_attempt_at: ['eq', 'in', 'gte', 'lte', 'isnull'], run_id: ['eq', 'in', 'isnull'], waterfall_id: ['eq', 'in', 'isnull'], column_id: ['eq', 'in', 'isnull'], started_by: ['eq', 'in', 'isnull'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], finished_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'type', 'subject_type', 'subject_id', 'status', 'attempts', 'next_attempt_at', 'run_id', 'waterfall_id', 'column_id', 'started_by', 'request_id', 'created_at', 'updated_at', 'finished_at'], fields: ['attempts', 'column_id', 'cost', 'created_at', 'error_details', 'finished_at', 'id', 'input', 'last_error', 'next_attempt_at', 'provider_id', 'request_id', 'run_id', 'started_by', 'status', 'subject_id', 'subject_type', 'type', 'updated_at', 'version', 'waterfall_id', 'waterfall_version'] } as const
/** List enrichment jobs. */
export const listEnrichmentJobs: Operation<never, ListQuery<typeof listEnrichmentJobsListing>, undefined, ListOf<S.JobView>> = { method: 'GET', path: '/api/v2/enrichment/jobs', permission: 'enrichment:read' }
/** Get an enrichment job. */
export const getEnrichmentJob: Operation<'id', undefined, undefined, S.JobView> = { method: 'GET', path: '/api/v2/enrichment/jobs/{id}', permission: 'enrichment:read' }
/** Cancel an enrichment job. */
export const cancelEnrichmentJob: Operation<'id', undefined, undefined, S.Shown_JobView> = { method: 'POST', path: '/api/v2/enrichment/jobs/{id}/cancel', permission: 'enrichment:run' }
/** Retry an enrichment job. */
export const retryEnrichmentJob: Operation<'id', undefined, undefined, S.Shown_JobView> = { method: 'POST', path: '/api/v2/enrichment/jobs/{id}/retry', permission: 'enrichment:run' }
/** List presets of providers. */
export const listEnrichmentPresets: Operation<never, undefined, undefined, S.PresetsView> = { method: 'GET', path: '/api/v2/enrichment/presets', permission: 'enrichment_providers:manage' }
export const listEnrichmentProvidersListing = { filters: { id: ['eq', 'in', 'isnull'], kind: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], enabled: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'kind', 'name', 'enabled', 'status', 'created_by', 'created_at', 'updated_at'], fields: ['base_url', 'config', 'created_at', 'created_by', 'enabled', 'has_credentials', 'id', 'kind', 'max_concurrency', 'max_per_second', 'monthly_budget', 'name', 'open_until', 'price_in', 'price_out', 'price_per_call', 'price_per_hit', 'setup_version', 'status', 'status_reason', 'timeout_ms', 'updated_at', 'version'] } as const
/** List enrichment providers. */
export const listEnrichmentProviders: Operation<never, ListQuery<typeof listEnrichmentProvidersListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.ProviderView> }> = { method: 'GET', path: '/api/v2/enrichment/providers', permission: 'enrichment_providers:manage' }
/** Create an enrichment provider. */
export const createEnrichmentProvider: Operation<never, undefined, S.WriteProvider, S.Shown_ProviderView> = { method: 'POST', path: '/api/v2/enrichment/providers', permission: 'enrichment_providers:manage' }
/** Delete an enrichment provider. */
export const deleteEnrichmentProvider: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/enrichment/providers/{id}', permission: 'enrichment_providers:manage' }
/** Get an enrichment provider. */
export const getEnrichmentProvider: Operation<'id', undefined, undefined, S.ProviderView> = { method: 'GET', path: '/api/v2/enrichment/providers/{id}', permission: 'enrichment_providers:manage' }
/** Update an enrichment provider. */
export const updateEnrichmentProvider: Operation<'id', undefined, S.WriteProviderPatch, S.Shown_ProviderView> = { method: 'PATCH', path: '/api/v2/enrichment/providers/{id}', permission: 'enrichment_providers:manage' }
/** Replace an enrichment provider. */
export const replaceEnrichmentProvider: Operation<'id', undefined, S.WriteProvider, S.Shown_ProviderView> = { method: 'PUT', path: '/api/v2/enrichment/providers/{id}', permission: 'enrichment_providers:manage' }
/** Restore a deleted enrichment provider. */
export const restoreEnrichmentProvider: Operation<'id', undefined, undefined, S.Shown_ProviderView> = { method: 'POST', path: '/api/v2/enrichment/providers/{id}/restore', permission: 'enrichment_providers:manage' }
/** Ask an enrichment provider again. */
export const resumeEnrichmentProvider: Operation<'id', undefined, undefined, S.Shown_ProviderView> = { method: 'POST', path: '/api/v2/enrichment/providers/{id}/resume', permission: 'enrichment_providers:manage' }
/** Test an enrichment provider. */
export const testEnrichmentProvider: Operation<'id', undefined, S.TryProvider, S.TrialView> = { method: 'POST', path: '/api/v2/enrichment/providers/{id}/test', permission: 'enrichment_providers:manage' }
/** Export providers' raw answers. */
export const exportEnrichmentRaw: Operation<never, { provider?: string; since?: string; until?: string }, undefined, Blob> = { method: 'GET', path: '/api/v2/enrichment/raw', permission: 'enrichment:export' }
export const listEnrichmentRunsListing = { filters: { id: ['eq', 'in', 'isnull'], waterfall_id: ['eq', 'in', 'isnull'], column_id: ['eq', 'in', 'isnull'], entity_type: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], started_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], finished_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'waterfall_id', 'column_id', 'entity_type', 'status', 'started_by', 'created_at', 'updated_at', 'finished_at'], fields: ['column_id', 'cost', 'created_at', 'done', 'entity_type', 'failed', 'finished_at', 'force', 'id', 'max_cost', 'skipped', 'started_by', 'status', 'status_reason', 'total', 'updated_at', 'version', 'waterfall_id', 'waterfall_version'] } as const
/** List enrichment runs. */
export const listEnrichmentRuns: Operation<never, ListQuery<typeof listEnrichmentRunsListing>, undefined, ListOf<S.RunView>> = { method: 'GET', path: '/api/v2/enrichment/runs', permission: 'enrichment:read' }
/** Start an enrichment run. */
export const startEnrichmentRun: Operation<never, undefined, S.StartRun, S.RunStarted> = { method: 'POST', path: '/api/v2/enrichment/runs', permission: 'enrichment:run' }
/** Get an enrichment run. */
export const getEnrichmentRun: Operation<'id', undefined, undefined, S.RunView> = { method: 'GET', path: '/api/v2/enrichment/runs/{id}', permission: 'enrichment:read' }
/** Cancel an enrichment run. */
export const cancelEnrichmentRun: Operation<'id', undefined, undefined, S.Shown_RunView> = { method: 'POST', path: '/api/v2/enrichment/runs/{id}/cancel', permission: 'enrichment:run' }
/** Pause an enrichment run. */
export const pauseEnrichmentRun: Operation<'id', undefined, undefined, S.Shown_RunView> = { method: 'POST', path: '/api/v2/enrichment/runs/{id}/pause', permission: 'enrichment:run' }
/** Resume an enrichment run. */
export const resumeEnrichmentRun: Operation<'id', undefined, undefined, S.Shown_RunView> = { method: 'POST', path: '/api/v2/enrichment/runs/{id}/resume', permission: 'enrichment:run' }
/** Retry what failed in an enrichment run. */
export const retryFailedEnrichmentRun: Operation<'id', undefined, undefined, S.Shown_RunView> = { method: 'POST', path: '/api/v2/enrichment/runs/{id}/retry_failed', permission: 'enrichment:run' }
/** Add up what enrichment cost. */
export const getEnrichmentUsage: Operation<never, { from?: string; group_by?: string; to?: string }, undefined, S.UsageView> = { method: 'GET', path: '/api/v2/enrichment/usage', permission: 'enrichment:export' }
export const listWaterfallsListing = { filters: { id: ['eq', 'in', 'isnull'], name: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_type: ['eq', 'in', 'isnull'], enrichment_type: ['eq', 'in', 'isnull'], is_default: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'name', 'entity_type', 'enrichment_type', 'is_default', 'created_by', 'created_at', 'updated_at'], fields: ['agree', 'cache_hours', 'created_at', 'created_by', 'enrichment_type', 'entity_type', 'fields', 'id', 'is_default', 'max_cost_per_day', 'max_cost_per_record', 'name', 'refresh_days', 'steps', 'stop', 'updated_at', 'version', 'write_policy'] } as const
/** List waterfalls. */
export const listWaterfalls: Operation<never, ListQuery<typeof listWaterfallsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.WaterfallView> }> = { method: 'GET', path: '/api/v2/enrichment/waterfalls', permission: 'enrichment:read' }
/** Create a waterfall. */
export const createWaterfall: Operation<never, undefined, S.WriteWaterfall, S.Shown_WaterfallView> = { method: 'POST', path: '/api/v2/enrichment/waterfalls', permission: 'waterfalls:manage' }
/** Delete a waterfall. */
export const deleteWaterfall: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/enrichment/waterfalls/{id}', permission: 'waterfalls:manage' }
/** Get a waterfall. */
export const getWaterfall: Operation<'id', undefined, undefined, S.WaterfallView> = { method: 'GET', path: '/api/v2/enrichment/waterfalls/{id}', permission: 'enrichment:read' }
/** Update a waterfall. */
export const updateWaterfall: Operation<'id', undefined, S.WriteWaterfallPatch, S.Shown_WaterfallView> = { method: 'PATCH', path: '/api/v2/enrichment/waterfalls/{id}', permission: 'waterfalls:manage' }
/** Replace a waterfall. */
export const replaceWaterfall: Operation<'id', undefined, S.WriteWaterfall, S.Shown_WaterfallView> = { method: 'PUT', path: '/api/v2/enrichment/waterfalls/{id}', permission: 'waterfalls:manage' }
/** Estimate a run of a waterfall. */
export const estimateWaterfall: Operation<'id', undefined, S.WhichRecords, S.EstimateView> = { method: 'POST', path: '/api/v2/enrichment/waterfalls/{id}/estimate', permission: 'enrichment:read' }
/** Restore a deleted waterfall. */
export const restoreWaterfall: Operation<'id', undefined, undefined, S.Shown_WaterfallView> = { method: 'POST', path: '/api/v2/enrichment/waterfalls/{id}/restore', permission: 'waterfalls:manage' }
export const listLeadColumnValuesListing = { filters: { id: ['eq', 'in', 'isnull'], column_id: ['eq', 'in', 'isnull'], lead_id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], value_string: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], value_boolean: ['eq', 'in', 'isnull'], value_number: ['eq', 'in', 'gte', 'lte', 'isnull'], confidence_score: ['eq', 'in', 'gte', 'lte', 'isnull'], stale: ['eq', 'in', 'isnull'], pinned: ['eq', 'in', 'isnull'], generated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'column_id', 'lead_id', 'status', 'value_string', 'value_boolean', 'value_number', 'confidence_score', 'stale', 'pinned', 'generated_at', 'created_at', 'updated_at'], fields: ['column_id', 'confidence_score', 'cost', 'created_at', 'error_details', 'evidence', 'generated_at', 'generation_metadata', 'id', 'input_hash', 'last_error', 'lead_id', 'model', 'pinned', 'prompt_version', 'stale', 'status', 'tokens_in', 'tokens_out', 'updated_at', 'value', 'value_boolean', 'value_json', 'value_number', 'value_string', 'version'] } as const
/** List answers about leads. */
export const listLeadColumnValues: Operation<never, ListQuery<typeof listLeadColumnValuesListing>, undefined, ListOf<S.LeadCellView>> = { method: 'GET', path: '/api/v2/lead_column_values', permission: 'enrichment:read' }
/** Write an answer about a lead. */
export const updateLeadColumnValue: Operation<'id', undefined, S.WriteCell, S.Shown_LeadCellView> = { method: 'PATCH', path: '/api/v2/lead_column_values/{id}', permission: 'leads:update' }
