// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './enrichment.schema'
export const listEnrichmentJobsListing = { filters: { id: ['eq', 'in', 'isnull'], type: ['eq', 'in', 'isnull'], subject_type: ['eq', 'in', 'isnull'], subject_id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], attempts: ['eq', 'in', 'gte', 'lte', 'isnull'], next_attempt_at: ['eq', 'in', 'gte', 'lte', 'isnull'], started_by: ['eq', 'in', 'isnull'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'], finished_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'type', 'subject_type', 'subject_id', 'status', 'attempts', 'next_attempt_at', 'started_by', 'request_id', 'created_at', 'updated_at', 'finished_at'], fields: ['attempts', 'created_at', 'finished_at', 'id', 'input', 'last_error', 'next_attempt_at', 'request_id', 'started_by', 'status', 'subject_id', 'subject_type', 'type', 'updated_at', 'version'] } as const
/** List enrichment jobs. */
export const listEnrichmentJobs: Operation<never, ListQuery<typeof listEnrichmentJobsListing>, undefined, ListOf<S.JobView>> = { method: 'GET', path: '/api/v2/enrichment/jobs', permission: 'enrichment:read' }
/** Get an enrichment job. */
export const getEnrichmentJob: Operation<'id', undefined, undefined, S.JobView> = { method: 'GET', path: '/api/v2/enrichment/jobs/{id}', permission: 'enrichment:read' }
/** Cancel an enrichment job. */
export const cancelEnrichmentJob: Operation<'id', undefined, undefined, S.Shown_JobView> = { method: 'POST', path: '/api/v2/enrichment/jobs/{id}/cancel', permission: 'enrichment:run' }
/** Retry an enrichment job. */
export const retryEnrichmentJob: Operation<'id', undefined, undefined, S.Shown_JobView> = { method: 'POST', path: '/api/v2/enrichment/jobs/{id}/retry', permission: 'enrichment:run' }
