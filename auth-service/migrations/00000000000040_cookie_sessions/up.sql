-- Sessions of browsers, whose refresh tokens travel in a cookie of one host. An answer may be lost, so that a token can
-- have several successors: until one of them is presented, it and they all continue the session.
alter table refresh_tokens add column parent uuid;
alter table refresh_tokens add column cookie_host text;
create index refresh_tokens_parent_idx on refresh_tokens (parent) where parent is not null;

-- One row per session, however many of its tokens continue it: that of the newest.
create or replace view sessions as
    select distinct on (user_id, family)
        family as id, user_id, session_created_at as created_at, created_at as last_used_at, user_agent, ip
    from refresh_tokens
    where used_at is null and revoked_at is null and expires_at > now()
    order by user_id, family, created_at desc, jti desc;
