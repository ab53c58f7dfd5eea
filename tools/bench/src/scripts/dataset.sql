-- Leads of twenty tenants over the last two years. Variables: tenant (the largest), leads (of all
-- tenants), largest (of the largest), first (the oldest lead's time, in milliseconds), span (of all times, in milliseconds).
-- The k-th lead of a tenant was made at first + step * k, and its id says so: a generator knows every id.

begin;
select setseed(0.5);

create temporary table bench_tenants on commit drop as
with others as (
    select place, 1.0 / place / sum(1.0 / place) over () as share from generate_series(1, 19) place
)
select 0 as place, :'tenant'::uuid as id, :largest as leads, :span / :largest as step
union all
select place, gen_random_uuid(), greatest(1, ((:leads - :largest) * share)::int),
    :span / greatest(1, ((:leads - :largest) * share)::int)
from others;

insert into products (id, tenant_id, name, description)
select gen_random_uuid(), t.id, 'Product ' || n, 'What tenant ' || t.place || ' sells, number ' || n || '.'
from bench_tenants t, generate_series(1, 3) n;

insert into accounts (id, tenant_id, product_id, name, website, industry, location, employee_count, created_at)
select gen_random_uuid(), t.id, p.id, 'Company ' || n || ' of ' || t.place,
    'https://company-' || n || '.example/', (array['Software', 'Retail', 'Health', 'Energy'])[1 + n % 4],
    (array['Berlin', 'London', 'Lagos', 'Austin'])[1 + n % 4], 10 + n % 5000,
    to_timestamp((:first + :span * random()) / 1000.0)
from bench_tenants t
join products p on p.tenant_id = t.id and p.name = 'Product 1'
cross join lateral generate_series(1, greatest(1, t.leads / 8)) n;

create temporary table bench_accounts on commit drop as
select tenant_id, id, product_id, row_number() over (partition by tenant_id order by id) - 1 as place
from accounts where tenant_id in (select id from bench_tenants) and name like 'Company %';
create index on bench_accounts (tenant_id, place);
analyze bench_accounts;

insert into leads (id, tenant_id, account_id, product_id, first_name, last_name, email, phone, company_name, role_title,
    linkedin_url, status, source, enrichment_status, persona, score, score_breakdown, estimated_value, currency, notes,
    assigned_to, lead_reference_id, custom_fields, enrichment_data, consent, utm, created_at, updated_at)
select (lpad(to_hex(made.at), 12, '0') || '70008' || lpad(to_hex(made.place), 3, '0') || '000000000000')::uuid,
    made.tenant, a.id, a.product_id,
    (array['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Katherine', 'Tim'])[1 + (made.chance * 8)::int % 8],
    'Person ' || made.k, 'person.' || made.k || '@company-' || made.k % 5000 || '.example',
    case when made.dice < 0.7 then '+49301' || lpad(made.k::text, 7, '0') end,
    'Company ' || made.k % 5000,
    (array['Head of Sales', 'Engineer', 'Founder', 'Buyer', 'Chief Revenue Officer'])[1 + (made.dice * 5)::int % 5],
    case when made.chance < 0.5 then 'https://linkedin.com/in/person-' || made.place || '-' || made.k end,
    case when made.chance < 0.4 then 'new' when made.chance < 0.7 then 'contacted' when made.chance < 0.85 then 'qualified'
        when made.chance < 0.95 then 'unqualified' else 'converted' end,
    case when made.dice < 0.6 then 'website' when made.dice < 0.8 then 'import' else 'api' end,
    case when made.dice < 0.3 then 'completed' else 'pending' end,
    case when made.dice < 0.5 then 'buyer' when made.dice < 0.7 then 'influencer' end,
    case when made.other < 0.7 then round((made.other * 142)::numeric, 1)::float8 end,
    case when made.other < 0.7 then jsonb_build_object('fit', (made.other * 70)::int, 'intent', (made.dice * 30)::int) end,
    case when made.dice < 0.4 then round((made.chance * 50000)::numeric, 2) end,
    case when made.dice < 0.4 then 'EUR' end,
    case when made.chance < 0.5 then 'Asked for a demo and for prices of the larger plan; call again next week.' end,
    case when made.other < 0.6 then md5(made.tenant::text || (made.dice * 8)::int)::uuid end,
    case when made.dice < 0.6 then 'seed-' || made.place || '-' || made.k end,
    case when made.chance < 0.3 then jsonb_build_object('budget', '10k-20k', 'team', (made.dice * 50)::int) end,
    case when made.dice < 0.15 then jsonb_build_object('industry', 'Software', 'employees', made.k % 5000) end,
    jsonb_build_object('marketing', made.dice < 0.5),
    case when made.dice < 0.6 then jsonb_build_object('source', 'newsletter', 'campaign', 'spring') end,
    to_timestamp(made.at / 1000.0), to_timestamp(made.at / 1000.0)
from (
    select t.place, t.id as tenant, t.leads, k, :first + t.step * k as at,
        random() as chance, random() as dice, random() as other
    from bench_tenants t cross join lateral generate_series(0, t.leads - 1) k
    -- In the order in which they came, whoever's they are.
    order by :first + t.step * k
) made
left join bench_accounts a on made.other < 0.4 and a.tenant_id = made.tenant
    and a.place = made.k % greatest(1, made.leads / 8);

-- Where pgbench writes what belongs to a lead: like the real tables, but read by no relay, so that nobody works on it.
set local role lead_owner;
create table bench_identity_keys (like identity_keys including all);
create table bench_events (like events including all);
create table bench_outbox (like outbox including all);
create table bench_ingests (like ingests including all);
select tenant_table('bench_identity_keys', 'select, insert'), tenant_table('bench_events', 'select, insert'),
    tenant_table('bench_outbox', 'insert'), tenant_table('bench_ingests', 'select, insert');
commit;

vacuum (analyze) leads, accounts, products;
checkpoint;
