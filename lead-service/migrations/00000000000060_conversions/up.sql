-- A conversion makes an account of the lead's company, whether or not it is known for which product.
alter table accounts alter column product_id drop not null;

-- How a lead stood when the deal was made of it: a lead is converted as long as that deal is there.
alter table deals add column converted_from text constraint deals_converted_from_check
    check (converted_from in ('new', 'contacted', 'qualified', 'unqualified'));
create index leads_converted_to_deal_id_idx on leads (tenant_id, converted_to_deal_id)
    where converted_to_deal_id is not null;

-- Policies speak to the application's role only, so the owner steps around them.
alter table leads no force row level security;
alter table deals no force row level security;
update deals d set converted_from = 'qualified' from leads l
    where l.converted_to_deal_id = d.id and l.tenant_id = d.tenant_id;
alter table leads force row level security;
alter table deals force row level security;

-- Leads that an import made and that were worked on since stay when it is taken back.
alter table imports add column kept integer not null default 0;
