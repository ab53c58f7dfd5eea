-- A host name counts once its tenant has proven that it controls it: docs/decisions/0038. Until then it leads nowhere, and any
-- number of tenants may have it.
alter table domains
    -- What the proof has to show.
    add column token text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    -- When it was shown, or when the platform gave the name itself; null until then. The default is for names that are there
    -- already and lead somewhere already, and for processes of the release before, which know of no proof.
    add column verified_at timestamptz default now();
alter table domains drop constraint domains_host_key;
create unique index domains_host_key on domains (tenant_id, host);
create unique index domains_proven_host_key on domains (host) where verified_at is not null;
