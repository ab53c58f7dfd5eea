-- Browser keys may be seen by anyone, so they prove nothing of who sends; server keys are kept secret by programs, and no browser
-- may use them. Keys from before may stand in web pages.
alter table api_keys
    add column kind text not null default 'browser' constraint api_keys_kind_check check (kind in ('browser', 'server')),
    add constraint api_keys_origins_check check (kind = 'browser' or allowed_origins = '{}');

alter table ingests
    -- Whether a submission waits for a person: held for a lead, or suspected to come from no person.
    add column status text not null generated always as (
        case when outcome = 'rejected' then 'rejected' when outcome <> 'quarantined' then 'done'
            when lead_id is null then 'quarantined' else 'held' end) stored,
    -- Who released or rejected it.
    add column reviewed_by uuid,
    add column reviewed_at timestamptz,
    -- What its lead was given when it was read again: what it may give otherwise the next time.
    add column filled jsonb;
create index ingests_status_idx on ingests (tenant_id, status, created_at desc nulls last, id desc)
    where status in ('held', 'quarantined');
