drop table api_keys, leads, accounts, products;
drop function cascade_account_deletion;
