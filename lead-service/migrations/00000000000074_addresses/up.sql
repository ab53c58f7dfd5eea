-- The address of a key, for senders that can be given nothing but an address: its token as a digest. The one before goes on
-- for a while, so that senders can be changed one after the other.
alter table api_keys
    add column address_sha256 bytea,
    add column address_made_at timestamptz,
    add column previous_address_sha256 bytea,
    add column previous_address_until timestamptz;
create unique index api_keys_address_sha256_key on api_keys (address_sha256) where address_sha256 is not null;
create index api_keys_previous_address_sha256_idx on api_keys (previous_address_sha256)
    where previous_address_sha256 is not null;
