//! The tables, as the migrations make them.

diesel::table! {
    tenants (id) {
        id -> Uuid,
        client_id -> Text,
        name -> Varchar,
        website -> Varchar,
        website_key -> Varchar,
        status -> Text,
        settings -> Jsonb,
        logo_url -> Nullable<Varchar>,
        industry -> Nullable<Varchar>,
        description -> Nullable<Text>,
        phone -> Nullable<Varchar>,
        employee_count -> Nullable<Integer>,
        address -> Nullable<Text>,
        city -> Nullable<Varchar>,
        country -> Nullable<Varchar>,
        timezone -> Nullable<Varchar>,
        isolation -> Text,
        schema_name -> Nullable<Text>,
        subscription_status -> Text,
        max_users -> Integer,
        founding_admin -> Nullable<Jsonb>,
        is_unproven -> Bool,
        revision -> Bigint,
        provisioned_services -> Array<Text>,
        next_attempt_at -> Nullable<Timestamptz>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    domains (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        host -> Text,
        is_primary -> Bool,
        token -> Text,
        verified_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    roles (id) {
        id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        name -> Varchar,
        level -> Integer,
        description -> Nullable<Text>,
        data_scope -> Text,
        is_system -> Bool,
        is_platform -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        permission -> Text,
    }
}

diesel::table! {
    permissions (id) {
        id -> Uuid,
        code -> Text,
        method -> Text,
        path -> Text,
        service -> Text,
        description -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    memberships (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
        department -> Nullable<Varchar>,
        branch_id -> Nullable<Uuid>,
        reports_to -> Nullable<Uuid>,
        status -> Text,
        joined_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        inactive_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    membership_closure (tenant_id, ancestor, descendant) {
        tenant_id -> Uuid,
        ancestor -> Uuid,
        descendant -> Uuid,
        depth -> Integer,
    }
}

diesel::table! {
    isolation_moves (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        ordinal -> Bigint,
        origin -> Text,
        target -> Text,
        status -> Text,
        step -> Text,
        services_done -> Array<Text>,
        reason -> Nullable<Text>,
        next_attempt_at -> Nullable<Timestamptz>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

// The view: memberships that are not deleted, with the names of their roles.
diesel::table! {
    tenant_users (id) {
        id -> Uuid,
        user_id -> Uuid,
        role_id -> Uuid,
        role -> Varchar,
        data_scope -> Text,
        department -> Nullable<Varchar>,
        branch_id -> Nullable<Uuid>,
        reports_to -> Nullable<Uuid>,
        status -> Text,
        joined_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        email -> Text,
        role_id -> Uuid,
        department -> Nullable<Varchar>,
        reports_to -> Nullable<Uuid>,
        first_name -> Nullable<Varchar>,
        last_name -> Nullable<Varchar>,
        token_hash -> Bytea,
        mailed_token_hash -> Nullable<Bytea>,
        by_staff -> Bool,
        replaced_token_hashes -> Array<Bytea>,
        status -> Text,
        expires_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        accepted_by -> Nullable<Uuid>,
        accepted_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

// The view: invitations with the names of their roles, expired when their time is over.
diesel::table! {
    tenant_invitations (id) {
        id -> Uuid,
        email -> Text,
        role -> Varchar,
        department -> Nullable<Varchar>,
        reports_to -> Nullable<Uuid>,
        status -> Text,
        expires_at -> Timestamptz,
        invited_by -> Nullable<Uuid>,
        accepted_by -> Nullable<Uuid>,
        accepted_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        subject_id -> Uuid,
        sealed -> Bytea,
        attempts -> Integer,
        next_attempt_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    settings (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Nullable<Uuid>,
        scope -> Text,
        key -> Varchar,
        value -> Jsonb,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    configs (id) {
        id -> Uuid,
        key -> Varchar,
        value -> Jsonb,
        scope -> Text,
        description -> Nullable<Text>,
        tenant_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    industries (id) {
        id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    categories (id) {
        id -> Uuid,
        industry_id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    catalog_products (id) {
        id -> Uuid,
        category_id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenant_products (tenant_id, catalog_product_id) {
        tenant_id -> Uuid,
        catalog_product_id -> Uuid,
        enabled -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

// The view: what a tenant has taken, with its place in the catalogue.
diesel::table! {
    attached_products (id) {
        id -> Uuid,
        catalog_product_id -> Uuid,
        name -> Varchar,
        category_id -> Uuid,
        category -> Varchar,
        industry_id -> Uuid,
        industry -> Varchar,
        enabled -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    regions (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    branches (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        region_id -> Uuid,
        name -> Varchar,
        address -> Nullable<Text>,
        city -> Nullable<Varchar>,
        country -> Nullable<Varchar>,
        phone -> Nullable<Varchar>,
        email -> Nullable<Varchar>,
        timezone -> Nullable<Varchar>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_entries (tenant_id, id) {
        id -> Uuid,
        tenant_id -> Uuid,
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
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    logos (tenant_id) {
        tenant_id -> Uuid,
        media_type -> Text,
        bytes -> Bytea,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(tenant_users, membership_closure);
diesel::allow_tables_to_appear_in_same_query!(roles, role_permissions);
