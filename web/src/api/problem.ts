// Answers that are refusals: RFC 9457 problems, and requests that never got an answer.

export type Fault = { field: string; code: string; message: string }

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined
  readonly faults: Fault[]
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.detail === 'string' ? body.detail : String(body.title ?? `HTTP ${status}`))
    this.name = 'Problem'
    this.status = status
    this.code = typeof body.code === 'string' ? body.code : 'unknown'
    this.requestId = typeof body.request_id === 'string' ? body.request_id : undefined
    this.faults = Array.isArray(body.errors) ? (body.errors as Fault[]) : []
    this.body = body
  }
}

/** The server was not reached. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause })
    this.name = 'Unreachable'
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  let body: Record<string, unknown> = {}
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    body = { title: response.statusText || `HTTP ${response.status}` }
  }
  body.request_id ??= response.headers.get('x-request-id') ?? undefined
  return new Problem(response.status, body)
}

/** The message for each field of a form. */
export function faultsByField(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  return Object.fromEntries(error.faults.map((fault) => [fault.field, fault.message]))
}
