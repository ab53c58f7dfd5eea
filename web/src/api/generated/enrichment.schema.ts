// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** The answer of a column about an account. */
export type AccountCellView = { account_id: string; column_id: string; confidence_score?: number | null; cost: Amount; created_at: string; error_details?: Record<string, unknown> | null; evidence: Array<Record<string, unknown>>; generated_at?: string | null; generation_metadata: Record<string, unknown>; id: string; input_hash?: string | null; last_error?: Record<string, unknown> | null; model?: string | null; pinned: boolean; prompt_version: number; stale: boolean; status: CellStatus; tokens_in?: number | null; tokens_out?: number | null; updated_at: string; value: unknown; value_boolean?: boolean | null; value_json?: Record<string, unknown> | null; value_number?: number | null; value_string?: string | null; version: number }
/** Which model, and how. */
export type AiConfig = { max_output_tokens?: number | null; model?: string | null; provider_id?: string | null; temperature?: number | null }
export type Amount = string
/** Where a cell stands. */
export type CellStatus = 'pending' | 'processing' | 'completed' | 'abstained' | 'invalid_output' | 'refused' | 'error' | 'budget_exhausted'
export const cellStatusValues = ['pending', 'processing', 'completed', 'abstained', 'invalid_output', 'refused', 'error', 'budget_exhausted'] as const
/** Context of a model. */
export type ContextType = 'account_profile' | 'lead_profile' | 'product' | 'enrichment_data' | 'activities' | 'website'
export const contextTypeValues = ['account_profile', 'lead_profile', 'product', 'enrichment_data', 'activities', 'website'] as const
/** A column as it is shown. */
export type CustomColumnView = { ai_config: AiConfig; context_type: Array<string>; created_at: string; created_by?: string | null; description?: string | null; entity_type: EntityType; id: string; is_active: boolean; max_cost_per_run?: Amount | null; name: string; product_id: string; prompt_version: number; question: string; response_config: ResponseConfig; response_type: ResponseType; run_if?: Record<string, unknown> | null; updated_at: string; version: number }
/** The kind of record of a waterfall. */
export type EntityType = 'account' | 'lead'
export const entityTypeValues = ['account', 'lead'] as const
/** The most that a run would take. */
export type EstimateView = { by_provider: Array<ProviderEstimate>; max_calls: number; max_cost: Amount; records: number }
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** Which records are asked about. */
export type GenerateValues = { confirm_cost?: WrittenAmount | null; entity_ids?: Array<string> | null; max_cost?: WrittenAmount | null; where?: Record<string, unknown> | null }
/** A job as it is shown. */
export type JobView = { attempts: number; column_id?: string | null; cost: Amount; created_at: string; error_details?: Record<string, unknown> | null; finished_at?: string | null; id: string; input: Record<string, unknown>; last_error?: Record<string, unknown> | null; next_attempt_at?: string | null; provider_id?: string | null; request_id?: string | null; run_id?: string | null; started_by?: string | null; status: string; subject_id: string; subject_type: string; type: string; updated_at: string; version: number; waterfall_id?: string | null; waterfall_version?: number | null }
/** The answer of a column about a lead. */
export type LeadCellView = { column_id: string; confidence_score?: number | null; cost: Amount; created_at: string; error_details?: Record<string, unknown> | null; evidence: Array<Record<string, unknown>>; generated_at?: string | null; generation_metadata: Record<string, unknown>; id: string; input_hash?: string | null; last_error?: Record<string, unknown> | null; lead_id: string; model?: string | null; pinned: boolean; prompt_version: number; stale: boolean; status: CellStatus; tokens_in?: number | null; tokens_out?: number | null; updated_at: string; value: unknown; value_boolean?: boolean | null; value_json?: Record<string, unknown> | null; value_number?: number | null; value_string?: string | null; version: number }
/** What an answer has of a record that its caller may not read. */
export type Outline = { id: string; version?: number | null }
/** When a value takes the place of another. */
export type Policy = 'fill_if_empty' | 'always' | 'higher_confidence' | 'source_rank'
export const policyValues = ['fill_if_empty', 'always', 'higher_confidence', 'source_rank'] as const
/** One preset. */
export type Preset = { about: string; config: Record<string, unknown>; credentials: Array<string>; key: string; kind: string; name: string }
/** Every preset. */
export type PresetsView = { results: Array<Preset> }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
/** The most that a run would take of one provider. */
export type ProviderEstimate = { max_calls: number; max_cost: Amount; name: string; provider_id: string }
/** The kind of a provider. */
export type ProviderKind = 'website' | 'http' | 'apollo' | 'pdl' | 'hunter' | 'model'
export const providerKindValues = ['website', 'http', 'apollo', 'pdl', 'hunter', 'model'] as const
/** Whether a provider is asked. */
export type ProviderStatus = 'ok' | 'paused' | 'reauth_required' | 'open'
export const providerStatusValues = ['ok', 'paused', 'reauth_required', 'open'] as const
/** A provider as it is shown. */
export type ProviderView = { base_url?: string | null; config: Record<string, unknown>; created_at: string; created_by?: string | null; enabled: boolean; has_credentials: boolean; id: string; kind: ProviderKind; max_concurrency?: number | null; max_per_second?: number | null; monthly_budget?: Amount | null; name: string; open_until?: string | null; price_in?: Amount | null; price_out?: Amount | null; price_per_call?: Amount | null; price_per_hit?: Amount | null; setup_version: number; status: ProviderStatus; status_reason?: string | null; timeout_ms?: number | null; updated_at: string; version: number }
/** Limits of an answer. */
export type ResponseConfig = { choices?: Array<string> | null; max?: number | null; max_length?: number | null; min?: number | null; schema?: Record<string, unknown> | null }
/** The type of an answer. */
export type ResponseType = 'string' | 'number' | 'boolean' | 'enum' | 'json_object'
export const responseTypeValues = ['string', 'number', 'boolean', 'enum', 'json_object'] as const
/** A run that was started. */
export type RunStarted = { id: string; status: RunStatus; total: number }
/** Where a run stands. */
export type RunStatus = 'pending' | 'running' | 'paused' | 'completed' | 'completed_with_errors' | 'cancelled' | 'budget_exhausted'
export const runStatusValues = ['pending', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled', 'budget_exhausted'] as const
/** A run as it is shown. */
export type RunView = { column_id?: string | null; cost: Amount; created_at: string; done: number; entity_type: EntityType; failed: number; finished_at?: string | null; force: boolean; id: string; max_cost?: Amount | null; skipped: number; started_by?: string | null; status: RunStatus; status_reason?: string | null; total: number; updated_at: string; version: number; waterfall_id?: string | null; waterfall_version?: number | null }
/** Number of records that are tried. */
export type SampleColumn = { n: number }
/** Sampled answers of a column. */
export type SampleView = { cost: Amount; estimated_cost_all: Amount; results: Array<Record<string, unknown>> }
export type Shown_AccountCellView = AccountCellView | Outline
export type Shown_CustomColumnView = CustomColumnView | Outline
export type Shown_JobView = JobView | Outline
export type Shown_LeadCellView = LeadCellView | Outline
export type Shown_ProviderView = ProviderView | Outline
export type Shown_RunView = RunView | Outline
export type Shown_WaterfallView = WaterfallView | Outline
/** The waterfall or column to run, and the records. */
export type StartRun = { column_id?: string | null; confirm_cost?: WrittenAmount | null; force?: boolean; ids?: Array<string> | null; limit?: number | null; max_cost?: WrittenAmount | null; waterfall_id?: string | null; where?: Record<string, unknown> | null }
/** When a field is settled. */
export type Stop = 'first' | 'agree'
export const stopValues = ['first', 'agree'] as const
/** The result of a trial. */
export type TrialView = { cost: Amount; error?: Record<string, unknown> | null; findings: Array<Record<string, unknown>>; latency_ms: number; ok: boolean; status?: number | null }
/** The record that a provider is tried with. */
export type TryInput = { account?: Record<string, unknown> | null; lead?: Record<string, unknown> | null }
/** The subject to try a provider with. */
export type TryProvider = { input?: TryInput }
/** Calls of one group. */
export type Usage = { cached: number; calls: number; column_id?: string | null; cost: Amount; day?: string | null; failed: number; hits: number; misses: number; provider?: Record<string, unknown> | null; tokens_in: number; tokens_out: number; type?: string | null; unsettled: number }
/** The ledger, added up. */
export type UsageView = { currency: string; results: Array<Usage> }
/** One step: who is asked. */
export type WaterfallStep = { min_confidence?: number | null; provider_id: string }
/** The type of a waterfall. */
export type WaterfallType = 'COMPANY_INFO' | 'GENERATE_LEADS' | 'LEAD_INFO' | 'LEAD_LINKEDIN_RESEARCH'
export const waterfallTypeValues = ['COMPANY_INFO', 'GENERATE_LEADS', 'LEAD_INFO', 'LEAD_LINKEDIN_RESEARCH'] as const
/** A waterfall as it is shown. */
export type WaterfallView = { agree: number; cache_hours?: number | null; created_at: string; created_by?: string | null; enrichment_type: WaterfallType; entity_type: EntityType; fields?: Array<string> | null; id: string; is_default: boolean; max_cost_per_day?: Amount | null; max_cost_per_record?: Amount | null; name: string; refresh_days?: number | null; steps: Array<WaterfallStep>; stop: Stop; updated_at: string; version: number; write_policy: Policy }
/** Which records. */
export type WhichRecords = { ids?: Array<string> | null; where?: Record<string, unknown> | null }
/** A value that a person writes. */
export type WriteCell = { value: unknown }
export const writeCellLimits = { value: { required: true } } as const
/** A column as it is written. */
export type WriteColumn = { ai_config?: AiConfig; context_type: Array<ContextType>; description?: string | null; entity_type: EntityType; is_active?: boolean; max_cost_per_run?: WrittenAmount | null; name: string; product_id: string; question: string; response_config?: ResponseConfig; response_type: ResponseType; run_if?: Record<string, unknown> | null }
export const writeColumnLimits = { context_type: { required: true }, description: { maxLength: 2000 }, entity_type: { required: true }, name: { maxLength: 100, minLength: 1, format: 'name', required: true }, product_id: { format: 'uuid', required: true }, question: { maxLength: 4000, minLength: 1, required: true }, response_type: { required: true } } as const
/** A column as it is written. */
export type WriteColumnPatch = { ai_config?: AiConfig; context_type?: Array<ContextType>; description?: string | null; entity_type?: EntityType; is_active?: boolean; max_cost_per_run?: WrittenAmount | null; name?: string; product_id?: string; question?: string; response_config?: ResponseConfig; response_type?: ResponseType; run_if?: Record<string, unknown> | null }
/** A provider as it is written. */
export type WriteProvider = { base_url?: string | null; config?: Record<string, unknown> | null; credentials?: Record<string, unknown> | null; enabled?: boolean; kind: ProviderKind; max_concurrency?: number | null; max_per_second?: number | null; monthly_budget?: WrittenAmount | null; name: string; price_in?: WrittenAmount | null; price_out?: WrittenAmount | null; price_per_call?: WrittenAmount | null; price_per_hit?: WrittenAmount | null; timeout_ms?: number | null }
export const writeProviderLimits = { base_url: { maxLength: 2048, format: 'uri' }, kind: { required: true }, max_concurrency: { minimum: 1, maximum: 64 }, max_per_second: { minimum: 0.001, maximum: 100 }, name: { maxLength: 100, minLength: 1, format: 'name', required: true }, timeout_ms: { minimum: 100, maximum: 120000 } } as const
/** A provider as it is written. */
export type WriteProviderPatch = { base_url?: string | null; config?: Record<string, unknown> | null; credentials?: Record<string, unknown> | null; enabled?: boolean; kind?: ProviderKind; max_concurrency?: number | null; max_per_second?: number | null; monthly_budget?: WrittenAmount | null; name?: string; price_in?: WrittenAmount | null; price_out?: WrittenAmount | null; price_per_call?: WrittenAmount | null; price_per_hit?: WrittenAmount | null; timeout_ms?: number | null }
/** A waterfall as it is written. */
export type WriteWaterfall = { agree?: number | null; cache_hours?: number | null; enrichment_type: WaterfallType; entity_type: EntityType; fields?: Array<string> | null; is_default?: boolean; max_cost_per_day?: WrittenAmount | null; max_cost_per_record?: WrittenAmount | null; name: string; refresh_days?: number | null; steps?: Array<WaterfallStep>; stop?: Stop; write_policy?: Policy }
export const writeWaterfallLimits = { agree: { minimum: 2, maximum: 5 }, cache_hours: { minimum: 1, maximum: 8784 }, enrichment_type: { required: true }, entity_type: { required: true }, name: { maxLength: 100, minLength: 1, format: 'name', required: true }, refresh_days: { minimum: 1, maximum: 3650 } } as const
/** A waterfall as it is written. */
export type WriteWaterfallPatch = { agree?: number | null; cache_hours?: number | null; enrichment_type?: WaterfallType; entity_type?: EntityType; fields?: Array<string> | null; is_default?: boolean; max_cost_per_day?: WrittenAmount | null; max_cost_per_record?: WrittenAmount | null; name?: string; refresh_days?: number | null; steps?: Array<WaterfallStep>; stop?: Stop; write_policy?: Policy }
export type WrittenAmount = string | number
