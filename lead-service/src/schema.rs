//! The tables, as the migrations make them.

diesel::table! {
    products (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        description -> Text,
        icp_description -> Nullable<Text>,
        website -> Nullable<Varchar>,
        persona_role_titles -> Jsonb,
        keywords -> Array<Text>,
        playbook_description -> Nullable<Text>,
        settings -> Nullable<Jsonb>,
        catalog_product_id -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        product_id -> Uuid,
        name -> Varchar,
        website -> Nullable<Varchar>,
        linkedin_url -> Nullable<Varchar>,
        industry -> Nullable<Varchar>,
        location -> Nullable<Varchar>,
        employee_count -> Nullable<Integer>,
        company_type -> Nullable<Varchar>,
        founded_year -> Nullable<Integer>,
        description -> Nullable<Text>,
        logo_url -> Nullable<Varchar>,
        contact_email -> Nullable<Varchar>,
        contact_phone -> Nullable<Varchar>,
        customers -> Array<Text>,
        competitors -> Array<Text>,
        social_links -> Nullable<Jsonb>,
        technologies -> Nullable<Jsonb>,
        full_technology_profile -> Nullable<Jsonb>,
        funding_details -> Nullable<Jsonb>,
        enrichment_sources -> Nullable<Jsonb>,
        last_enriched_at -> Nullable<Timestamptz>,
        custom_fields -> Nullable<Jsonb>,
        settings -> Nullable<Jsonb>,
        recent_events -> Jsonb,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    leads (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        account_id -> Nullable<Uuid>,
        product_id -> Nullable<Uuid>,
        first_name -> Nullable<Varchar>,
        last_name -> Nullable<Varchar>,
        email -> Nullable<Varchar>,
        phone -> Nullable<Varchar>,
        company_name -> Nullable<Varchar>,
        role_title -> Nullable<Varchar>,
        linkedin_url -> Nullable<Varchar>,
        status -> Text,
        source -> Text,
        suggestion_status -> Text,
        enrichment_status -> Text,
        persona -> Nullable<Text>,
        score -> Nullable<Double>,
        score_breakdown -> Nullable<Jsonb>,
        estimated_value -> Nullable<Numeric>,
        currency -> Nullable<Varchar>,
        notes -> Nullable<Text>,
        assigned_to -> Nullable<Uuid>,
        lead_reference_id -> Nullable<Varchar>,
        api_key_id -> Nullable<Uuid>,
        raw_payload -> Nullable<Jsonb>,
        custom_fields -> Nullable<Jsonb>,
        enrichment_data -> Nullable<Jsonb>,
        consent -> Nullable<Jsonb>,
        utm -> Nullable<Jsonb>,
        converted_at -> Nullable<Timestamptz>,
        converted_to_deal_id -> Nullable<Uuid>,
        last_enriched_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        prefix -> Varchar,
        sha256 -> Bytea,
        scopes -> Array<Text>,
        allowed_origins -> Array<Text>,
        rate_limit -> Nullable<Integer>,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        use_count -> Bigint,
        revoked_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    scoring_models (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        product_id -> Nullable<Uuid>,
        name -> Varchar,
        enabled -> Bool,
        groups -> Jsonb,
        rules -> Jsonb,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    assignment_rules (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        position -> Integer,
        enabled -> Bool,
        conditions -> Jsonb,
        action -> Jsonb,
        fall_through -> Bool,
        catch_all -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    assignment_traces (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        lead_id -> Uuid,
        cause -> Text,
        assigned_to -> Nullable<Uuid>,
        rule_id -> Nullable<Uuid>,
        rules -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, leads);
