-- What tells a person: whoever comes with one of these is the lead that holds it. Claimed in the transaction that
-- adds the lead, so that the same person cannot come in twice at once. A deleted lead's keys may be taken over.
create table identity_keys (
    tenant_id uuid not null,
    kind text not null constraint identity_keys_kind_check check (kind in ('email', 'phone', 'linkedin', 'reference')),
    value text not null,
    lead_id uuid not null,
    primary key (tenant_id, kind, value)
);
create index identity_keys_lead_id_idx on identity_keys (lead_id);
select tenant_table('identity_keys', 'select, insert, update, delete');

-- Leads from before have canonical addresses already; the oldest of several alike holds the key. Policies speak to the
-- application's role only, so the owner steps around them.
alter table leads no force row level security;
alter table identity_keys no force row level security;
insert into identity_keys (tenant_id, kind, value, lead_id)
    select tenant_id, kind, value, lead_id from (
        select tenant_id, id as lead_id, created_at, unnest(array['email', 'phone']) as kind,
            unnest(array[email, case when phone like '+%' then phone end]) as value
        from leads where deleted_at is null) known
    where value is not null order by created_at, lead_id
    on conflict do nothing;
alter table leads force row level security;
alter table identity_keys force row level security;

alter table leads add column merged_into uuid;

alter table api_keys add column duplicate_policy text not null default 'attach'
    constraint api_keys_duplicate_policy_check check (duplicate_policy in ('attach', 'update_empty', 'create', 'hold'));

-- The ledger: every submission that came with a valid key, and what became of it.
create table ingests (
    id uuid primary key,
    tenant_id uuid not null,
    api_key_id uuid not null,
    lead_id uuid,
    outcome text not null constraint ingests_outcome_check
        check (outcome in ('created', 'updated', 'attached', 'duplicate', 'rejected', 'quarantined')),
    sent jsonb not null,
    errors jsonb,
    replayed_at timestamptz,
    created_at timestamptz not null default now()
);
create index ingests_created_at_idx on ingests (tenant_id, created_at desc nulls last, id desc);
create index ingests_lead_id_idx on ingests (lead_id) where lead_id is not null;
create index ingests_outcome_idx on ingests (tenant_id, outcome, created_at desc nulls last, id desc)
    where outcome in ('rejected', 'quarantined');
select tenant_table('ingests', 'select, insert, update');

create table lead_merges (
    id uuid primary key,
    tenant_id uuid not null,
    winner_id uuid not null,
    loser_ids uuid[] not null,
    -- The winner as it was and as it became.
    before jsonb not null,
    after jsonb not null,
    -- Which keys went from which loser to the winner.
    moved_keys jsonb not null,
    undone_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now()
);
create index lead_merges_winner_id_idx on lead_merges (tenant_id, winner_id, created_at desc);
select tenant_table('lead_merges', 'select, insert, update');
