-- The texts of new leads wait in the index's pending list. Whoever makes the list too long sorts it in: that was a
-- submission, a few times a second when many came, with all others waiting behind it. Now the list may grow longer, and a
-- worker sorts it in beside them, long before it is full.
alter index leads_search_idx set (gin_pending_list_limit = 65536);

-- Gives how many pages were sorted in. The system role may call it without owning the index.
create function sort_in_new_leads() returns bigint language sql security definer set search_path from current as $$
    select gin_clean_pending_list('leads_search_idx')
$$;
revoke execute on function sort_in_new_leads() from public;
do $$ begin
    execute format('grant execute on function sort_in_new_leads() to %I', system_role());
end $$;
