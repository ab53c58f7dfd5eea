drop table customer_profiles;
