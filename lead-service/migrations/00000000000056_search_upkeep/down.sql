drop function sort_in_new_leads();
alter index leads_search_idx reset (gin_pending_list_limit);
