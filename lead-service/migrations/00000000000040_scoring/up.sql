-- What a tenant's newcomers are scored and assigned by, in one mark: whoever keeps models, rules and products in memory
-- sees by it that they are no longer true. A mark that was rolled back never comes again. Beside it stands whose turn it
-- is; its lock makes turns exact.
create table playbooks (
    tenant_id uuid primary key,
    revision uuid not null default gen_random_uuid(),
    turns jsonb not null default '{}',
    updated_at timestamptz not null default now()
);
select tenant_table('playbooks', 'select, insert, update');

create function playbook_changed() returns trigger language plpgsql as $$
begin
    -- Rows that move to another place come with what they once set off.
    if current_setting('app.moving', true) = 'on' then
        return null;
    end if;
    insert into playbooks (tenant_id) values (new.tenant_id)
        on conflict (tenant_id) do update set revision = gen_random_uuid(), updated_at = now();
    return null;
end $$;

create table scoring_models (
    id uuid primary key,
    tenant_id uuid not null,
    product_id uuid,
    name varchar(255) not null,
    enabled boolean not null default true,
    groups jsonb not null,
    rules jsonb not null,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint scoring_models_product_id_fkey foreign key (product_id, tenant_id) references products (id, tenant_id)
);
create unique index scoring_models_name_key on scoring_models (tenant_id, name) where deleted_at is null;
-- A lead has one model: its product's, else the tenant's own.
create unique index scoring_models_product_id_key
    on scoring_models (tenant_id, coalesce(product_id, '00000000-0000-0000-0000-000000000000'::uuid))
    where deleted_at is null and enabled;
create index scoring_models_created_at_idx on scoring_models (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('scoring_models', 'select, insert, update');

-- What leads did: opened, replied, came back. Scores decay with its age.
create table lead_engagements (
    id uuid primary key,
    tenant_id uuid not null,
    lead_id uuid not null,
    kind varchar(50) not null,
    reference uuid,
    at timestamptz not null,
    created_at timestamptz not null default now()
);
create index lead_engagements_lead_id_idx on lead_engagements (tenant_id, lead_id, at);
-- What is told twice counts once.
create unique index lead_engagements_reference_key on lead_engagements (tenant_id, reference)
    where reference is not null;
select tenant_table('lead_engagements', 'select, insert, update');

-- At most one walk through a tenant's leads at a time. It goes on where it stopped; a new request begins anew.
create table rescorings (
    tenant_id uuid primary key,
    request uuid not null default gen_random_uuid(),
    status text not null default 'pending' constraint rescorings_status_check check (status in ('pending', 'completed')),
    position uuid,
    settled boolean not null default false,
    visited bigint not null default 0,
    changed bigint not null default 0,
    due_at timestamptz not null default now(),
    leased_until timestamptz,
    requested_at timestamptz not null default now(),
    finished_at timestamptz
);
create index rescorings_due_at_idx on rescorings (due_at) where status = 'pending';
select tenant_table('rescorings', 'select, insert, update');
select system_table('rescorings', 'select, update');

create function rescoring_wanted() returns trigger language plpgsql as $$
begin
    -- Rows that move to another place come with what they once set off.
    if current_setting('app.moving', true) = 'on' then
        return null;
    end if;
    insert into rescorings (tenant_id) values (new.tenant_id)
        on conflict (tenant_id) do update set request = gen_random_uuid(), status = 'pending', position = null,
            settled = false, visited = 0, changed = 0, due_at = now(), leased_until = null, requested_at = now(),
            finished_at = null;
    return null;
end $$;

create trigger scoring_models_playbook after insert or update on scoring_models
    for each row execute function playbook_changed();
create trigger scoring_models_rescoring_added after insert on scoring_models
    for each row when (new.enabled) execute function rescoring_wanted();
create trigger scoring_models_rescoring_changed after update on scoring_models
    for each row when (old.enabled or new.enabled) execute function rescoring_wanted();
create trigger products_playbook_added after insert on products
    for each row execute function playbook_changed();
create trigger products_playbook_changed after update on products
    for each row when (old.persona_role_titles is distinct from new.persona_role_titles
        or old.keywords is distinct from new.keywords or old.deleted_at is distinct from new.deleted_at)
    execute function playbook_changed();
create trigger products_rescoring after update on products
    for each row when (old.persona_role_titles is distinct from new.persona_role_titles
        or old.keywords is distinct from new.keywords)
    execute function rescoring_wanted();
