create or replace view sessions as
    select family as id, user_id, session_created_at as created_at, created_at as last_used_at, user_agent, ip
    from refresh_tokens
    where used_at is null and revoked_at is null and expires_at > now();
drop index refresh_tokens_parent_idx;
alter table refresh_tokens drop column cookie_host;
alter table refresh_tokens drop column parent;
