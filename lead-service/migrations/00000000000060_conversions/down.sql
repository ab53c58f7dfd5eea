alter table imports drop column kept;
drop index leads_converted_to_deal_id_idx;
alter table deals drop column converted_from;
alter table accounts alter column product_id set not null;
