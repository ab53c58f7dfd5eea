// Typed client, generated from openapi/ by `npm run api`. Do not edit.
// tidy: long because it is generated.
import type { ListOf, ListQuery, Operation } from '../operation'
import type * as S from './integration.schema'
export const listDeliveriesListing = { filters: { id: ['eq', 'in', 'isnull'], endpoint_id: ['eq', 'in', 'isnull'], event_id: ['eq', 'in', 'isnull'], event_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], kind: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], attempts: ['eq', 'in', 'gte', 'lte', 'isnull'], next_attempt_at: ['eq', 'in', 'gte', 'lte', 'isnull'], held: ['eq', 'in', 'isnull'], last_status_code: ['eq', 'in', 'gte', 'lte', 'isnull'], delivered_at: ['eq', 'in', 'gte', 'lte', 'isnull'], request_id: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'endpoint_id', 'event_id', 'event_type', 'entity_id', 'kind', 'status', 'attempts', 'next_attempt_at', 'held', 'last_status_code', 'delivered_at', 'request_id', 'created_at', 'updated_at'], fields: ['attempts', 'created_at', 'delivered_at', 'endpoint_id', 'entity_id', 'event_id', 'event_type', 'held', 'id', 'kind', 'last_error', 'last_status_code', 'next_attempt_at', 'request_id', 'status', 'updated_at'] } as const
/** List webhook deliveries. */
export const listDeliveries: Operation<never, ListQuery<typeof listDeliveriesListing>, undefined, ListOf<S.DeliveryView>> = { method: 'GET', path: '/api/v2/deliveries', permission: 'deliveries:read' }
/** Get a webhook delivery. */
export const getDelivery: Operation<'id', undefined, undefined, S.DeliveryDetail> = { method: 'GET', path: '/api/v2/deliveries/{id}', permission: 'deliveries:read' }
/** Replay a webhook delivery. */
export const replayDelivery: Operation<'id', undefined, undefined, S.Shown_DeliveryView> = { method: 'POST', path: '/api/v2/deliveries/{id}/replay', permission: 'deliveries:replay' }
export const listEventsListing = { filters: { id: ['eq', 'in', 'isnull'], event_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], status: ['eq', 'in', 'isnull'], attempts: ['eq', 'in', 'gte', 'lte', 'isnull'], next_attempt_at: ['eq', 'in', 'gte', 'lte', 'isnull'], occurred_at: ['eq', 'in', 'gte', 'lte', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], handled_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'event_type', 'entity_type', 'entity_id', 'status', 'attempts', 'next_attempt_at', 'occurred_at', 'created_at', 'handled_at'], fields: ['attempts', 'created_at', 'entity_id', 'entity_type', 'event_type', 'handled_at', 'id', 'last_error', 'next_attempt_at', 'occurred_at', 'status'] } as const
/** List events. */
export const listEvents: Operation<never, ListQuery<typeof listEventsListing>, undefined, ListOf<S.EventView>> = { method: 'GET', path: '/api/v2/events', permission: 'events:read' }
/** Get an event. */
export const getEvent: Operation<'id', undefined, undefined, S.EventDetail> = { method: 'GET', path: '/api/v2/events/{id}', permission: 'events:read' }
/** Retry a failed event. */
export const retryEvent: Operation<'id', undefined, undefined, S.Shown_EventView> = { method: 'POST', path: '/api/v2/events/{id}/retry', permission: 'events:retry' }
export const listNotificationsListing = { filters: { id: ['eq', 'in', 'isnull'], type: ['eq', 'in', 'isnull'], read: ['eq', 'in', 'isnull'], read_at: ['eq', 'in', 'gte', 'lte', 'isnull'], entity_type: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], entity_id: ['eq', 'in', 'isnull'], event_id: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'type', 'read', 'read_at', 'entity_type', 'entity_id', 'event_id', 'created_at'], fields: ['created_at', 'event_id', 'id', 'message', 'read', 'read_at', 'related', 'title', 'type'] } as const
/** List the current user's notifications. */
export const listNotifications: Operation<never, ListQuery<typeof listNotificationsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.NotificationView> }> = { method: 'GET', path: '/api/v2/notifications', permission: 'notifications:read' }
/** Mark all notifications as read. */
export const markAllNotificationsRead: Operation<never, undefined, undefined, S.MarkedRead> = { method: 'POST', path: '/api/v2/notifications/read_all', permission: 'notifications:read' }
/** Stream notifications. */
export const streamNotifications: Operation<never, undefined, undefined, Blob> = { method: 'GET', path: '/api/v2/notifications/stream', permission: 'notifications:read' }
/** Get a notification. */
export const getNotification: Operation<'id', undefined, undefined, S.NotificationView> = { method: 'GET', path: '/api/v2/notifications/{id}', permission: 'notifications:read' }
/** Mark a notification as read. */
export const markNotificationRead: Operation<'id', undefined, undefined, S.NotificationView> = { method: 'POST', path: '/api/v2/notifications/{id}/read', permission: 'notifications:read' }
export const listWebhookEndpointsListing = { filters: { id: ['eq', 'in', 'isnull'], url: ['eq', 'in', 'gte', 'lte', 'isnull', 'icontains'], status: ['eq', 'in', 'isnull'], ordered: ['eq', 'in', 'isnull'], created_by: ['eq', 'in', 'isnull'], created_at: ['eq', 'in', 'gte', 'lte', 'isnull'], updated_at: ['eq', 'in', 'gte', 'lte', 'isnull'] }, orderings: ['id', 'url', 'status', 'ordered', 'created_by', 'created_at', 'updated_at'], fields: ['created_at', 'created_by', 'description', 'disabled_reason', 'events', 'id', 'ordered', 'previous_secret_expires_at', 'status', 'updated_at', 'url', 'version'] } as const
/** List webhook endpoints. */
export const listWebhookEndpoints: Operation<never, ListQuery<typeof listWebhookEndpointsListing>, undefined, { count: number | null; next: string | null; previous: string | null; results: Array<S.WebhookEndpointView> }> = { method: 'GET', path: '/api/v2/webhook-endpoints', permission: 'webhook_endpoints:read' }
/** Create a webhook endpoint. */
export const createWebhookEndpoint: Operation<never, undefined, S.WriteWebhookEndpoint, S.WebhookEndpointWithSecret> = { method: 'POST', path: '/api/v2/webhook-endpoints', permission: 'webhook_endpoints:create' }
/** Delete a webhook endpoint. */
export const deleteWebhookEndpoint: Operation<'id', undefined, undefined, undefined> = { method: 'DELETE', path: '/api/v2/webhook-endpoints/{id}', permission: 'webhook_endpoints:delete' }
/** Get a webhook endpoint. */
export const getWebhookEndpoint: Operation<'id', undefined, undefined, S.WebhookEndpointView> = { method: 'GET', path: '/api/v2/webhook-endpoints/{id}', permission: 'webhook_endpoints:read' }
/** Update a webhook endpoint. */
export const updateWebhookEndpoint: Operation<'id', undefined, S.WriteWebhookEndpointPatch, S.Shown_WebhookEndpointView> = { method: 'PATCH', path: '/api/v2/webhook-endpoints/{id}', permission: 'webhook_endpoints:update' }
/** Replace a webhook endpoint. */
export const replaceWebhookEndpoint: Operation<'id', undefined, S.WriteWebhookEndpoint, S.Shown_WebhookEndpointView> = { method: 'PUT', path: '/api/v2/webhook-endpoints/{id}', permission: 'webhook_endpoints:update' }
/** Restore a deleted webhook endpoint. */
export const restoreWebhookEndpoint: Operation<'id', undefined, undefined, S.Shown_WebhookEndpointView> = { method: 'POST', path: '/api/v2/webhook-endpoints/{id}/restore', permission: 'webhook_endpoints:delete' }
/** Rotate the secret of a webhook endpoint. */
export const rotateWebhookEndpointSecret: Operation<'id', undefined, undefined, S.WebhookEndpointWithSecret> = { method: 'POST', path: '/api/v2/webhook-endpoints/{id}/rotate_secret', permission: 'webhook_endpoints:update' }
