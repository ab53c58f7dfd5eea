-- What happened to people's access: signing in, being refused, another password, …. It belongs to the person and to the
-- platform's staff, not to tenants. Those of nobody are attempts at accounts that do not exist: written, so that they take
-- as long, and shown to nobody.
create table security_events (
    id uuid primary key,
    user_id uuid,
    action text not null,
    entity_type text not null,
    entity_id uuid,
    actor_kind text not null,
    actor_id uuid,
    details jsonb,
    request_id text,
    client_address text,
    occurred_at timestamptz not null default now()
);
create index security_events_user_id_idx on security_events (user_id, occurred_at desc nulls last, id desc);
create index security_events_occurred_at_idx on security_events (occurred_at desc nulls last, id desc);
select global_table('security_events', 'select, insert');
select system_table('security_events', 'select (user_id, occurred_at), delete');

insert into security_events
    select id, user_id, occurrence ->> 'action', occurrence ->> 'entity_type', (occurrence ->> 'entity_id')::uuid,
        occurrence #>> '{actor,kind}', nullif(occurrence #>> '{actor,id}', '')::uuid, occurrence -> 'details',
        occurrence ->> 'request_id', occurrence ->> 'client_address', (occurrence ->> 'occurred_at')::timestamptz
    from occurrences;
-- A process of an earlier release may still write here; a later migration drops it.
comment on table occurrences is 'not read any more: see security_events';
