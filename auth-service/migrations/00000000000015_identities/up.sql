-- Who somebody is at another issuer: Firebase, or anybody who speaks OpenID Connect.
create table identities (
    id uuid primary key,
    user_id uuid not null constraint identities_user_id_fkey references users (id) on delete cascade,
    issuer text not null,
    subject text not null,
    last_used_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    constraint identities_issuer_subject_key unique (issuer, subject)
);
create index identities_user_id_idx on identities (user_id);
select global_table('identities', 'select, insert, update');
