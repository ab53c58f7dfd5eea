-- Who did what to identity and access. Written once, never changed.

create table audit_entries (
    id uuid not null,
    tenant_id uuid not null constraint audit_entries_tenant_id_fkey references tenants (id),
    -- As events are named: `Membership.role.UPDATE`, `Session.CREATE`, ….
    action text not null,
    entity_type text not null,
    entity_id uuid,
    -- `user`, `api_key` or `service`.
    actor_kind text not null,
    actor_id uuid,
    -- Which service, where one acted by itself.
    actor_service text,
    -- The service that saw it happen.
    source text not null,
    previous jsonb,
    current jsonb,
    request_id text,
    client_address text,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    -- What concerns a person wherever they belong is one entry in each of their tenants.
    primary key (tenant_id, id)
);
create index audit_entries_occurred_at_idx on audit_entries (tenant_id, occurred_at desc nulls last, id desc);
create index audit_entries_actor_id_idx on audit_entries (tenant_id, actor_id, occurred_at desc);
create index audit_entries_entity_id_idx on audit_entries (tenant_id, entity_id, occurred_at desc);
select tenant_table('audit_entries', 'select, insert');

create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception '% is append-only', tg_table_name; end $$;
create trigger audit_entries_rows before update or delete on audit_entries
    for each row execute function refuse_change();
create trigger audit_entries_whole before truncate on audit_entries
    for each statement execute function refuse_change();
