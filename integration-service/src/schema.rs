//! Tables of the database.

diesel::table! {
    webhook_endpoints (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        url -> Text,
        description -> Nullable<Text>,
        events -> Array<Text>,
        secret -> Bytea,
        previous_secret -> Nullable<Bytea>,
        previous_secret_expires_at -> Nullable<Timestamptz>,
        status -> Text,
        disabled_reason -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        ordered -> Bool,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        endpoint_id -> Uuid,
        event_id -> Uuid,
        event_type -> Text,
        kind -> Text,
        payload -> Jsonb,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Nullable<Timestamptz>,
        leased_until -> Nullable<Timestamptz>,
        last_status_code -> Nullable<Integer>,
        last_response -> Nullable<Text>,
        last_error -> Nullable<Text>,
        delivered_at -> Nullable<Timestamptz>,
        request_id -> Nullable<Text>,
        traceparent -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        entity_id -> Nullable<Uuid>,
        position -> Nullable<BigInt>,
        held -> Bool,
    }
}

diesel::table! {
    notifications (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        title -> Text,
        message -> Text,
        #[sql_name = "type"]
        kind -> Text,
        read -> Bool,
        read_at -> Nullable<Timestamptz>,
        entity_type -> Text,
        entity_id -> Uuid,
        event_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    inbox (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        event_id -> Uuid,
        event_type -> Text,
        entity_type -> Text,
        entity_id -> Uuid,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        envelope -> Nullable<Jsonb>,
        occurred_at -> Timestamptz,
        created_at -> Timestamptz,
        handled_at -> Nullable<Timestamptz>,
    }
}
