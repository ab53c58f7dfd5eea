-- Whether a session was begun with a second factor: some tenants let in no others.
alter table refresh_tokens add column second_factor boolean not null default false;
