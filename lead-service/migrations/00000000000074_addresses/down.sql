alter table api_keys
    drop column address_sha256,
    drop column address_made_at,
    drop column previous_address_sha256,
    drop column previous_address_until;
