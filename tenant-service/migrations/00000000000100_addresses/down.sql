-- Addresses stay in punycode, which mail servers understand.
select 1;
