drop index imports_file_name_idx, api_keys_name_idx, assignment_rules_name_idx, scoring_models_name_idx,
    customer_segments_name_idx, customer_tags_name_idx, deal_stages_name_idx, pipelines_name_idx, products_name_idx,
    issues_title_idx, tasks_title_idx, orders_title_idx, deals_company_name_idx, deals_contact_name_idx, deals_title_idx,
    customers_company_name_idx, customers_last_name_idx, customers_first_name_idx, contacts_last_name_idx,
    contacts_first_name_idx, accounts_exact_name_idx, accounts_name_idx, leads_last_name_idx;
create index accounts_name_idx on accounts (tenant_id, name desc nulls last, id desc) where deleted_at is null;
