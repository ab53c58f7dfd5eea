drop table issues, customer_interactions, order_items, orders, customer_segments, customer_tag_links, customer_tags,
    customer_companies, customers;
drop function cascade_customer_deletion;
