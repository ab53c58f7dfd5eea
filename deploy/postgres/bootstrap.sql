-- Five databases, each with an owner role that migrates and two roles that own nothing: `_app` for the work of one
-- tenant, `_system` for work across tenants. Tables and their grants come from the services' migrations.
-- For psql, as a superuser; may be run any number of times. Passwords come from the environment, one per database:
-- AUTH_DATABASE_PASSWORD, TENANT_…, LEAD_…, ENRICHMENT_…, INTEGRATION_DATABASE_PASSWORD.

\set ON_ERROR_STOP on
\set QUIET on
\getenv auth AUTH_DATABASE_PASSWORD
\getenv tenant TENANT_DATABASE_PASSWORD
\getenv lead LEAD_DATABASE_PASSWORD
\getenv enrichment ENRICHMENT_DATABASE_PASSWORD
\getenv integration INTEGRATION_DATABASE_PASSWORD

set client_min_messages = warning;
-- Statements below carry passwords.
set log_statement = 'none';
set log_min_error_statement = 'panic';

-- A variable that is not set stays as it is written here, and the statement fails with a syntax error at it.
create temporary table wanted (name text, password text);
insert into wanted values
    ('auth', :'auth'), ('tenant', :'tenant'), ('lead', :'lead'),
    ('enrichment', :'enrichment'), ('integration', :'integration');

do $$
begin
    if exists (select from wanted where length(password) < 12) then
        raise exception 'every <NAME>_DATABASE_PASSWORD must have at least 12 characters';
    end if;
end
$$;

select format('create role %I', name || kind)
from wanted, unnest(array['_owner', '_app', '_system']) as kind
where not exists (select from pg_roles where rolname = name || kind)
\gexec

select format(
    'alter role %I with login nosuperuser nobypassrls nocreatedb nocreaterole noreplication password %L',
    name || kind, password)
from wanted, unnest(array['_owner', '_app', '_system']) as kind
\gexec

select format('create database %I owner %I encoding ''UTF8'' template template0', name, name || '_owner')
from wanted
where not exists (select from pg_database where datname = name)
\gexec

select format('revoke all on database %I from public', name) from wanted
\gexec

select format('grant connect on database %1$I to %1$s_owner, %1$s_app, %1$s_system', name) from wanted
\gexec

\connect auth
alter schema public owner to auth_owner;
revoke create on schema public from public;

\connect tenant
alter schema public owner to tenant_owner;
revoke create on schema public from public;

\connect lead
alter schema public owner to lead_owner;
revoke create on schema public from public;
-- Searches in texts use their indexes behind Row-Level Security only where ILIKE is known to tell nothing of rows that it
-- does not return. It does not: docs/decisions/0016-search-behind-policies.md. Without this they are slow, and right.
alter function pg_catalog.texticlike(text, text) leakproof;

\connect enrichment
alter schema public owner to enrichment_owner;
revoke create on schema public from public;

\connect integration
alter schema public owner to integration_owner;
revoke create on schema public from public;
