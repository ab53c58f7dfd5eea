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
        product_id -> Nullable<Uuid>,
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
        name_key -> Nullable<Text>,
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
        merged_into -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        is_test -> Bool,
        submitted_at -> Nullable<Timestamptz>,
        source_key -> Varchar,
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
        duplicate_policy -> Text,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        strict -> Bool,
        address_sha256 -> Nullable<Bytea>,
        address_made_at -> Nullable<Timestamptz>,
        previous_address_sha256 -> Nullable<Bytea>,
        previous_address_until -> Nullable<Timestamptz>,
        kind -> Text,
    }
}

diesel::table! {
    form_mappings (api_key_id) {
        api_key_id -> Uuid,
        tenant_id -> Uuid,
        fields -> Jsonb,
        honeypot_field -> Nullable<Varchar>,
        started_field -> Nullable<Varchar>,
        min_fill_seconds -> Nullable<Integer>,
        consent_required -> Bool,
        redirect_url -> Nullable<Varchar>,
        error_redirect_url -> Nullable<Varchar>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ingests (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        api_key_id -> Uuid,
        lead_id -> Nullable<Uuid>,
        outcome -> Text,
        sent -> Jsonb,
        errors -> Nullable<Jsonb>,
        replayed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        mapping -> Nullable<Jsonb>,
        warnings -> Nullable<Jsonb>,
        sender -> Nullable<Varchar>,
        source_key -> Nullable<Varchar>,
        status -> Text,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        filled -> Nullable<Jsonb>,
    }
}

diesel::table! {
    imports (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        status -> Text,
        mode -> Text,
        format -> Text,
        update_by -> Nullable<Text>,
        mapping -> Jsonb,
        file_name -> Nullable<Varchar>,
        total -> Integer,
        created -> Integer,
        updated -> Integer,
        duplicates -> Integer,
        errors -> Integer,
        expected -> Nullable<Jsonb>,
        done -> Integer,
        is_undoing -> Bool,
        failure -> Nullable<Text>,
        sees -> Nullable<Array<Uuid>>,
        worker -> Nullable<Text>,
        leased_until -> Nullable<Timestamptz>,
        created_by -> Uuid,
        request_id -> Nullable<Text>,
        traceparent -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        kept -> Integer,
        duplicate_policy -> Text,
        warnings -> Jsonb,
        warned -> Integer,
    }
}

diesel::table! {
    contacts (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        account_id -> Nullable<Uuid>,
        lead_id -> Nullable<Uuid>,
        first_name -> Nullable<Varchar>,
        last_name -> Nullable<Varchar>,
        email -> Nullable<Varchar>,
        phone -> Nullable<Varchar>,
        role_title -> Nullable<Varchar>,
        linkedin_url -> Nullable<Varchar>,
        notes -> Nullable<Text>,
        custom_fields -> Nullable<Jsonb>,
        assigned_to -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        email_key -> Nullable<Text>,
        phone_key -> Nullable<Text>,
        linkedin_key -> Nullable<Text>,
    }
}

diesel::table! {
    pipelines (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        is_default -> Bool,
        is_active -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    deal_stages (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        pipeline_id -> Uuid,
        name -> Varchar,
        order -> Integer,
        probability -> Integer,
        kind -> Text,
        is_active -> Bool,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    deals (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        pipeline_id -> Uuid,
        stage_id -> Uuid,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        lead_id -> Nullable<Uuid>,
        title -> Varchar,
        description -> Nullable<Text>,
        value -> Numeric,
        currency -> Varchar,
        expected_close_date -> Nullable<Date>,
        actual_close_date -> Nullable<Date>,
        contact_name -> Nullable<Varchar>,
        contact_email -> Nullable<Varchar>,
        contact_phone -> Nullable<Varchar>,
        company_name -> Nullable<Varchar>,
        status -> Text,
        lost_reason -> Nullable<Text>,
        priority -> Text,
        probability -> Integer,
        won_at -> Nullable<Timestamptz>,
        lost_at -> Nullable<Timestamptz>,
        custom_fields -> Nullable<Jsonb>,
        assigned_to -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        converted_from -> Nullable<Text>,
    }
}

diesel::table! {
    activities (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        lead_id -> Nullable<Uuid>,
        deal_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        activity_type -> Text,
        subject -> Varchar,
        description -> Text,
        scheduled_at -> Nullable<Timestamptz>,
        completed -> Bool,
        assigned_to -> Nullable<Uuid>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tasks (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        title -> Varchar,
        description -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        status -> Text,
        priority -> Text,
        entity_type -> Nullable<Text>,
        entity_id -> Nullable<Uuid>,
        completed_at -> Nullable<Timestamptz>,
        assigned_to -> Nullable<Uuid>,
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

diesel::table! {
    handovers (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        cause -> Text,
        left_at -> Timestamptz,
        status -> Text,
        due_at -> Nullable<Timestamptz>,
        manager_id -> Nullable<Uuid>,
        leads -> Integer,
        deals -> Integer,
        tasks -> Integer,
        contacts -> Integer,
        customers -> Integer,
        returned -> Integer,
        attempts -> Integer,
        next_attempt_at -> Timestamptz,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        done_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, leads, contacts);

diesel::table! {
    customers (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Nullable<Uuid>,
        name -> Varchar,
        first_name -> Nullable<Varchar>,
        last_name -> Nullable<Varchar>,
        email -> Nullable<Varchar>,
        phone -> Nullable<Varchar>,
        company_name -> Nullable<Varchar>,
        address -> Nullable<Text>,
        city -> Nullable<Varchar>,
        country -> Nullable<Varchar>,
        verified -> Bool,
        verified_at -> Nullable<Timestamptz>,
        customer_since -> Nullable<Timestamptz>,
        customer_status -> Text,
        stage -> Nullable<Varchar>,
        account_manager_id -> Nullable<Uuid>,
        notes -> Nullable<Text>,
        customer_type -> Text,
        company_size -> Nullable<Varchar>,
        industry -> Nullable<Varchar>,
        annual_revenue -> Nullable<Numeric>,
        preferences -> Jsonb,
        custom_fields -> Nullable<Jsonb>,
        lifetime_value -> Nullable<Numeric>,
        total_orders -> Integer,
        last_order_date -> Nullable<Timestamptz>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        email_key -> Nullable<Text>,
        phone_key -> Nullable<Text>,
        lifetime_values -> Jsonb,
    }
}

diesel::table! {
    customer_tags (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        color -> Varchar,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    customer_tag_links (customer_id, tag_id) {
        tenant_id -> Uuid,
        customer_id -> Uuid,
        tag_id -> Uuid,
    }
}

diesel::table! {
    customer_segments (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Varchar,
        description -> Nullable<Text>,
        criteria -> Jsonb,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        customer_id -> Uuid,
        order_number -> Varchar,
        title -> Varchar,
        description -> Nullable<Text>,
        status -> Text,
        total_amount -> Numeric,
        currency -> Varchar,
        order_date -> Timestamptz,
        expected_delivery_date -> Nullable<Date>,
        actual_delivery_date -> Nullable<Date>,
        shipping_address -> Nullable<Text>,
        billing_address -> Nullable<Text>,
        payment_method -> Nullable<Varchar>,
        payment_status -> Text,
        tracking_number -> Nullable<Varchar>,
        notes -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    order_items (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        order_id -> Uuid,
        position -> Integer,
        product_name -> Varchar,
        product_sku -> Nullable<Varchar>,
        quantity -> Integer,
        unit_price -> Numeric,
        discount -> Numeric,
        tax -> Numeric,
        total_price -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    customer_interactions (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        customer_id -> Uuid,
        user_id -> Nullable<Uuid>,
        interaction_type -> Text,
        subject -> Varchar,
        description -> Nullable<Text>,
        sentiment -> Nullable<Text>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    issues (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        title -> Varchar,
        description -> Nullable<Text>,
        issue_type -> Text,
        status -> Text,
        priority -> Text,
        assigned_to -> Nullable<Uuid>,
        customer_id -> Nullable<Uuid>,
        deal_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        github_issue_id -> Nullable<Bigint>,
        resolved_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(customers, orders, customer_interactions);
