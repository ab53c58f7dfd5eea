drop view attached_products;
drop table tenant_products, catalog_products, categories, industries;
