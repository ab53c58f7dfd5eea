//! The tables, as the migrations make them.

diesel::table! {
    jobs (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        #[sql_name = "type"]
        kind -> Text,
        subject_type -> Text,
        subject_id -> Uuid,
        input -> Jsonb,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Jsonb>,
        request_id -> Nullable<Text>,
        traceparent -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        started_by -> Nullable<Uuid>,
        run_id -> Nullable<Uuid>,
        waterfall_id -> Nullable<Uuid>,
        waterfall_version -> Nullable<Integer>,
        column_id -> Nullable<Uuid>,
        provider_id -> Nullable<Uuid>,
        cost -> Numeric,
        force -> Bool,
        error_details -> Nullable<Jsonb>,
    }
}

diesel::table! {
    account_enrichment_status (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        account_id -> Uuid,
        enrichment_type -> Text,
        status -> Text,
        completion_percent -> Integer,
        last_successful_run -> Nullable<Timestamptz>,
        last_attempted_run -> Nullable<Timestamptz>,
        next_scheduled_run -> Nullable<Timestamptz>,
        failure_count -> Integer,
        data_quality_score -> Nullable<Double>,
        source -> Varchar,
        error_details -> Nullable<Jsonb>,
        metadata -> Jsonb,
        job_id -> Nullable<Uuid>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    field_provenance (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        account_id -> Uuid,
        field -> Text,
        provider -> Text,
        source_url -> Nullable<Text>,
        fetched_at -> Timestamptz,
        confidence -> Double,
        previous_value -> Nullable<Jsonb>,
        job_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    raw_records (id, fetched_at) {
        id -> Uuid,
        tenant_id -> Uuid,
        job_id -> Nullable<Uuid>,
        provider -> Text,
        source_url -> Text,
        status -> Integer,
        content_type -> Nullable<Text>,
        body -> Text,
        body_bytes -> BigInt,
        fetched_at -> Timestamptz,
        provider_id -> Nullable<Uuid>,
        subject_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    enrichment_providers (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        kind -> Text,
        name -> Text,
        base_url -> Nullable<Text>,
        credentials -> Nullable<Binary>,
        has_credentials -> Bool,
        config -> Jsonb,
        enabled -> Bool,
        max_per_second -> Nullable<Double>,
        max_concurrency -> Nullable<Integer>,
        timeout_ms -> Nullable<Integer>,
        monthly_budget -> Nullable<Numeric>,
        price_per_call -> Nullable<Numeric>,
        price_per_hit -> Nullable<Numeric>,
        price_in -> Nullable<Numeric>,
        price_out -> Nullable<Numeric>,
        status -> Text,
        status_reason -> Nullable<Text>,
        open_until -> Nullable<Timestamptz>,
        is_first -> Bool,
        setup_version -> Integer,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    enrichment_calls (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        provider_id -> Uuid,
        setup_version -> Integer,
        job_id -> Nullable<Uuid>,
        run_id -> Nullable<Uuid>,
        waterfall_id -> Nullable<Uuid>,
        column_id -> Nullable<Uuid>,
        subject_id -> Nullable<Uuid>,
        enrichment_type -> Nullable<Text>,
        question -> Binary,
        outcome -> Text,
        reserved -> Numeric,
        cost -> Numeric,
        budgets -> Jsonb,
        tokens_in -> Nullable<Integer>,
        tokens_out -> Nullable<Integer>,
        tokens_estimated -> Bool,
        pages -> Nullable<Integer>,
        http_status -> Nullable<Integer>,
        error -> Nullable<Jsonb>,
        answer -> Nullable<Jsonb>,
        started_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    enrichment_waterfalls (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        entity_type -> Text,
        enrichment_type -> Text,
        is_default -> Bool,
        fields -> Nullable<Array<Text>>,
        steps -> Jsonb,
        stop -> Text,
        agree -> Integer,
        write_policy -> Text,
        max_cost_per_record -> Nullable<Numeric>,
        max_cost_per_day -> Nullable<Numeric>,
        cache_hours -> Nullable<Integer>,
        refresh_days -> Nullable<Integer>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    enrichment_runs (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        waterfall_id -> Nullable<Uuid>,
        waterfall_version -> Nullable<Integer>,
        column_id -> Nullable<Uuid>,
        entity_type -> Text,
        status -> Text,
        total -> Integer,
        done -> Integer,
        failed -> Integer,
        skipped -> Integer,
        cost -> Numeric,
        max_cost -> Nullable<Numeric>,
        force -> Bool,
        status_reason -> Nullable<Text>,
        seen_by -> Nullable<Array<Uuid>>,
        time_zone -> Nullable<Text>,
        started_by -> Nullable<Uuid>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    custom_columns (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        product_id -> Uuid,
        entity_type -> Text,
        name -> Text,
        description -> Nullable<Text>,
        question -> Text,
        response_type -> Text,
        response_config -> Jsonb,
        ai_config -> Jsonb,
        context_type -> Array<Text>,
        run_if -> Nullable<Jsonb>,
        max_cost_per_run -> Nullable<Numeric>,
        is_active -> Bool,
        prompt_version -> Integer,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    lead_column_values (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        column_id -> Uuid,
        lead_id -> Uuid,
        status -> Text,
        value -> Nullable<Jsonb>,
        value_string -> Nullable<Text>,
        value_json -> Nullable<Jsonb>,
        value_boolean -> Nullable<Bool>,
        value_number -> Nullable<Double>,
        confidence_score -> Nullable<Double>,
        evidence -> Jsonb,
        prompt_version -> Integer,
        stale -> Bool,
        model -> Nullable<Text>,
        tokens_in -> Nullable<Integer>,
        tokens_out -> Nullable<Integer>,
        cost -> Numeric,
        input_hash -> Nullable<Text>,
        generated_at -> Nullable<Timestamptz>,
        generation_metadata -> Jsonb,
        error_details -> Nullable<Jsonb>,
        last_error -> Nullable<Jsonb>,
        pinned -> Bool,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    account_column_values (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        column_id -> Uuid,
        account_id -> Uuid,
        status -> Text,
        value -> Nullable<Jsonb>,
        value_string -> Nullable<Text>,
        value_json -> Nullable<Jsonb>,
        value_boolean -> Nullable<Bool>,
        value_number -> Nullable<Double>,
        confidence_score -> Nullable<Double>,
        evidence -> Jsonb,
        prompt_version -> Integer,
        stale -> Bool,
        model -> Nullable<Text>,
        tokens_in -> Nullable<Integer>,
        tokens_out -> Nullable<Integer>,
        cost -> Numeric,
        input_hash -> Nullable<Text>,
        generated_at -> Nullable<Timestamptz>,
        generation_metadata -> Jsonb,
        error_details -> Nullable<Jsonb>,
        last_error -> Nullable<Jsonb>,
        pinned -> Bool,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(jobs, account_enrichment_status, field_provenance);
