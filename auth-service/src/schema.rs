//! The tables, as the migrations make them.

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        password_hash -> Nullable<Text>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        account_type -> Text,
        status -> Text,
        platform_role -> Text,
        email_verified_at -> Nullable<Timestamptz>,
        last_login_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (jti) {
        jti -> Uuid,
        user_id -> Uuid,
        family -> Uuid,
        sha256 -> Bytea,
        session_created_at -> Timestamptz,
        user_agent -> Nullable<Text>,
        ip -> Nullable<Text>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        user_agent -> Nullable<Text>,
        ip -> Nullable<Text>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_key -> Bytea,
        public_jwk -> Jsonb,
        status -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    revocations (seq) {
        seq -> BigInt,
        subject -> Uuid,
        issued_before -> Nullable<Timestamptz>,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    tenant_foundings (user_id) {
        user_id -> Uuid,
        new_tenant_id -> Uuid,
        client_id -> Text,
        name -> Text,
        website -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}
