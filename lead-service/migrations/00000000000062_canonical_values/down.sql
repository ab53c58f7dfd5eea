-- Amounts with more than two decimals are rounded; addresses stay in punycode, which mail servers understand.
alter table order_items drop constraint order_items_total_price_check, drop constraint order_items_digits_check;
alter table order_items alter column unit_price type numeric(12, 2), alter column discount type numeric(12, 2),
    alter column tax type numeric(12, 2), alter column total_price type numeric(12, 2);
alter table order_items no force row level security;
update order_items set total_price = unit_price * quantity - discount + tax
    where total_price <> unit_price * quantity - discount + tax;
alter table order_items force row level security;
alter table order_items add constraint order_items_total_price_check
    check (total_price = unit_price * quantity - discount + tax);
alter table orders drop constraint orders_total_amount_check, alter column total_amount type numeric(12, 2);
alter table deals drop constraint deals_value_digits_check, alter column value type numeric(12, 2);
alter table leads drop constraint leads_estimated_value_check, alter column estimated_value type numeric(12, 2);
