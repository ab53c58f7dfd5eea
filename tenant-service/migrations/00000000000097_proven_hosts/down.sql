-- Fails while two tenants have the same name, of which one is proven at most.
drop index domains_proven_host_key;
drop index domains_host_key;
alter table domains add constraint domains_host_key unique (host);
alter table domains drop column verified_at, drop column token;
