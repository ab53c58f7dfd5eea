drop index customer_interactions_search_idx, issues_search_idx, tasks_search_idx, activities_search_idx,
    orders_search_idx, customers_search_idx, deals_search_idx, contacts_search_idx, accounts_search_idx, leads_search_idx;
