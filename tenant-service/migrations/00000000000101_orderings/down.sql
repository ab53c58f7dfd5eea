drop index tenants_list_idx;
drop index permissions_list_idx;
drop index catalog_products_list_idx;
drop index categories_list_idx;
drop index industries_list_idx;
drop index branches_list_idx;
drop index regions_list_idx;
