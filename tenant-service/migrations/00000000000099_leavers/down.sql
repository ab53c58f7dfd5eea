-- Since when members are inactive stays known.
select 1;
