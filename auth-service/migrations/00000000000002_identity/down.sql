drop view sessions;
drop table tenant_foundings, revocations, signing_keys, refresh_tokens, users;
