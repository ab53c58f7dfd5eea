drop table later_notes;
drop index api_keys_later_idx;
alter table api_keys drop column later;
alter table products drop column later;
