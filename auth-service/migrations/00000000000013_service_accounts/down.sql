drop table service_accounts;
