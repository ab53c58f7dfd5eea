// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** A job as it is shown. */
export type JobView = { attempts: number; created_at: string; finished_at?: string | null; id: string; input: Record<string, unknown>; last_error?: Record<string, unknown> | null; next_attempt_at: string; request_id?: string | null; started_by?: string | null; status: string; subject_id: string; subject_type: string; type: string; updated_at: string; version: number }
/** What an answer has of a record that its caller may not read. */
export type Outline = { id: string; version?: number | null }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
export type Shown_JobView = JobView | Outline
