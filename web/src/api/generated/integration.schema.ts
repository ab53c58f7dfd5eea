// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
/** Delivery with the body that is sent and the last answer. */
export type DeliveryDetail = DeliveryView & { last_response?: string | null; payload: Record<string, unknown> }
/** Transport of a delivery. */
export type DeliveryKind = 'webhook'
export const deliveryKindValues = ['webhook'] as const
/** State of a delivery. */
export type DeliveryStatus = 'pending' | 'in_progress' | 'succeeded' | 'failed' | 'cancelled'
export const deliveryStatusValues = ['pending', 'in_progress', 'succeeded', 'failed', 'cancelled'] as const
/** Delivery in lists. */
export type DeliveryView = { attempts: number; created_at: string; delivered_at?: string | null; endpoint_id: string; entity_id?: string | null; event_id: string; event_type: string; held: boolean; id: string; kind: DeliveryKind; last_error?: string | null; last_status_code?: number | null; next_attempt_at?: string | null; request_id?: string | null; status: DeliveryStatus; updated_at: string }
/** Whether events are posted to an endpoint. */
export type EndpointStatus = 'enabled' | 'disabled'
export const endpointStatusValues = ['enabled', 'disabled'] as const
/** Event with its content. */
export type EventDetail = EventView & { envelope?: Record<string, unknown> | null }
/** State of the handling of an event. */
export type EventStatus = 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED'
export const eventStatusValues = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const
/** Event in lists. */
export type EventView = { attempts: number; created_at: string; entity_id: string; entity_type: string; event_type: string; handled_at?: string | null; id: string; last_error?: string | null; next_attempt_at?: string | null; occurred_at: string; status: EventStatus }
/** One fault of a body or query. */
export type FieldError = { code: string; field: string; message: string }
/** Number of notifications that were marked as read. */
export type MarkedRead = { updated: number }
/** Importance of a notification. */
export type NotificationType = 'info' | 'success' | 'warning' | 'error'
export const notificationTypeValues = ['info', 'success', 'warning', 'error'] as const
/** Notification. */
export type NotificationView = { created_at: string; event_id?: string | null; id: string; message: string; read: boolean; read_at?: string | null; related: RelatedEntity; title: string; type: NotificationType }
/** What an answer has of a record that its caller may not read. */
export type Outline = { id: string; version?: number | null }
/** The body of every answer with a 4xx or 5xx status (`application/problem+json`). */
export type ProblemBody = { code: string; detail: string; errors?: Array<FieldError>; instance?: string | null; request_id?: string | null; status: number; title: string; type: string }
/** Subject of a notification. */
export type RelatedEntity = { entity_id: string; entity_type: string }
export type Shown_DeliveryView = DeliveryView | Outline
export type Shown_EventView = EventView | Outline
export type Shown_WebhookEndpointView = WebhookEndpointView | Outline
/** Webhook endpoint in answers. */
export type WebhookEndpointView = { created_at: string; created_by?: string | null; description?: string | null; disabled_reason?: string | null; events: Array<string>; id: string; ordered: boolean; previous_secret_expires_at?: string | null; status: EndpointStatus; updated_at: string; url: string; version: number }
/** A webhook endpoint with its new secret, which is returned only once. */
export type WebhookEndpointWithSecret = WebhookEndpointWithSecret_WebhookEndpointView | WebhookEndpointWithSecret_Outline
/** A webhook endpoint with its new secret, which is returned only once. */
export type WebhookEndpointWithSecret_Outline = Outline & { secret: string }
/** A webhook endpoint with its new secret, which is returned only once. */
export type WebhookEndpointWithSecret_WebhookEndpointView = WebhookEndpointView & { secret: string }
/** Webhook endpoint in requests. */
export type WriteWebhookEndpoint = { description?: string | null; events: Array<string>; ordered?: boolean; status?: EndpointStatus; url: string }
export const writeWebhookEndpointLimits = { description: { maxLength: 1000 }, events: { required: true }, url: { maxLength: 2048, minLength: 1, format: 'uri', required: true } } as const
/** Webhook endpoint in requests. */
export type WriteWebhookEndpointPatch = { description?: string | null; events?: Array<string>; ordered?: boolean; status?: EndpointStatus; url?: string }
