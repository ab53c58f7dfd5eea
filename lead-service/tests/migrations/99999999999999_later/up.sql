-- A migration of tomorrow, for tests: it changes a table that moves with its tenant and one that does not, and adds
-- one that refers to both.
alter table products add column later text not null default 'later';
alter table api_keys add column later text;
create index api_keys_later_idx on api_keys (later);
create table later_notes (
    id uuid primary key,
    tenant_id uuid not null,
    product_id uuid not null,
    api_key_id uuid,
    constraint later_notes_product_id_fkey foreign key (product_id, tenant_id) references products (id, tenant_id),
    constraint later_notes_api_key_id_fkey foreign key (api_key_id, tenant_id) references api_keys (id, tenant_id)
);
select tenant_table('later_notes', 'select, insert');
