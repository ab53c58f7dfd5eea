//! The view of the audit that tenants read, as the migrations make it.

diesel::table! {
    tenant_audit (id) {
        id -> Uuid,
        action -> Text,
        entity_type -> Text,
        entity_id -> Nullable<Uuid>,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        actor_service -> Nullable<Text>,
        source -> Text,
        previous -> Nullable<Jsonb>,
        current -> Nullable<Jsonb>,
        request_id -> Nullable<Text>,
        client_address -> Nullable<Text>,
        occurred_at -> Timestamptz,
    }
}
